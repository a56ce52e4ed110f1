/* waits.h - who waits for what, so that nobody else has to ask the waiting: threads in calls of pthreads,
 * goroutines at locks. Doors only; any thread, with no lock of the doors held.
 *
 * A wait is here from before the real call, when a try has shown that it is going to wait, until the call
 * is back. Only waits that somebody of this program must end are: not those with a time limit, and not
 * those for the world outside. */
#ifndef GR_DETECTOR_DOORS_WAITS_H
#define GR_DETECTOR_DOORS_WAITS_H

#include "detector/doors/doors.h"
#include "runtime/vocab/wait.h"

typedef struct gr__waiting {
    struct gr__waiting *next_of_actor, **at_of_actor;   /* the newest of an actor first */
    struct gr__waiting *next_of_object, **at_of_object;
    gr__actor *actor;
    const void *object;
    uint64_t serial;            /* no other wait ever has it */
    uint64_t since_ns;
    gr__loc loc;                /* where it waits */
    uint32_t reason;            /* wait.def */
    int tid;                    /* of the thread that stands in the call; 0: a goroutine, which is parked */
    struct gr__g *g;            /* that one, or the goroutine that the thread runs; NULL: a plain thread */
    const gr__actor *joined;    /* whose end it waits for; NULL: not known, or something else */
    bool told;                  /* member of a cycle that was reported */
    uint64_t actors;            /* how many there were when it began: the thread that it joins is one of them */
    uint64_t behind;            /* serial: of a writer that lets readers out, behind whom this one waits; 0 */
    uint64_t walk;              /* the rest belongs to wait_cycle.c, under the lock */
    struct gr__waiting *from, *queued;
} gr__waiting;

/* This thread is going to stand in a call, and its actor in `object`. What to end it with; 0: nobody keeps
 * account here. A cycle that this closes is reported before it returns. */
uint64_t gr__wait_begin(unsigned reason, const volatile void *object, uintptr_t pc);
/* The same in a join of that thread; actor: NULL when it has not come so far. */
uint64_t gr__wait_begin_join(uintptr_t thread, const gr__actor *actor, uintptr_t pc);
void gr__wait_end(uint64_t serial);
/* The same for the goroutine that runs here, which the runtime parks. */
void gr__wait_parks(unsigned reason, const void *object, uintptr_t pc);
void gr__wait_parked(void);
/* This thread has left all its calls by another way, or ends. */
void gr__waits_forget(void);
/* The child of a fork: its parent's threads are not here. */
void gr__waits_forked(void);

/* --- under the lock of all waits, which is held for short, and from which the locks of what is held
 * (held.h) may be taken --- */
void gr__waits_lock(void);
void gr__waits_unlock(void);
/* The newest wait of an actor; NULL: it runs. */
gr__waiting *gr__wait_of(const gr__actor *actor);
/* It joins a thread now. Takes the lock. NULL: nobody. */
bool gr__wait_joins(const gr__actor *actor);
/* The waits that may be for this object; follow next_of_object, and compare. */
gr__waiting *gr__waits_at(const void *object);
/* Each, in no order. */
void gr__waits_each(void (*visit)(gr__waiting *w, void *argument), void *argument);

/* It waits in a circle that was reported. */
bool gr__wait_was_told(const gr__actor *actor);

/* How many threads stand in such calls. */
extern uint32_t gr__threads_standing; /* atomic */

/* wait_cycle.c: does this wait, of the caller's own, close a cycle? Then it is told. */
void gr__wait_cycle_look(gr__waiting *mine);

#endif
