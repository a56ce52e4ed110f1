/* goroutine.h - what everybody may know of a goroutine and a channel.
 *
 * `struct gr__g` (runtime/sched) begins with a gr__g_head, so a hook can read it through
 * gr__g_head_of. The doors, dumps and leak checks see goroutines through this header only.
 */
#ifndef GR_RUNTIME_INSPECT_GOROUTINE_H
#define GR_RUNTIME_INSPECT_GOROUTINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gr__g;
struct gr_case;

#define GR__NAME_SIZE 32

typedef struct gr__g_head {
    void *detector;             /* doors: what they keep of this goroutine; NULL until attached */
    uint32_t state;             /* atomic: enum gr__record_actor_state */
    uint32_t wait;              /* owner before it parks: wait.def */
    const void *wait_object;    /* owner before it parks: channel, lock ...; NULL */
    uintptr_t wait_pc;          /* owner before it parks: place in the user's code */
    uint64_t wait_since_ns;     /* owner before it parks: gr_now(), to a few milliseconds */
    bool foreign;               /* constant: a pthread's own goroutine, runs on that thread's stack */
    bool main;                  /* constant: goroutine 1 */
    int32_t case_count;
    struct gr_case *cases;      /* owner before it parks: of the select it waits in */
    uint64_t goid;              /* constant while it lives */
    uint64_t creator;           /* constant: goid of the creator, 0: none */
    uintptr_t created_pc;       /* constant: return address of the go statement */
    uintptr_t stack_low, stack_high; /* constant */
    char name[GR__NAME_SIZE];   /* owner: gr_set_name; empty: none */
} gr__g_head;

static inline gr__g_head *gr__g_head_of(struct gr__g *g) { return (gr__g_head *)(void *)g; }

/* The goroutine that runs on this thread; NULL on a scheduler's stack or a thread without one. */
struct gr__g *gr__g_self(void);

/* Call visit for every goroutine that lives, in order of goid. Others may go on meanwhile (a view
 * of a parked goroutine is steady as long as nobody wakes it). Never allocates with malloc. */
void gr__g_each(void (*visit)(struct gr__g *g, void *argument), void *argument);

/* The same in any order, without memory of its own. */
void gr__g_visit(void (*visit)(struct gr__g *g, void *argument), void *argument);

/* It is parked, and nobody has chosen it to go on: who wakes the waiter of a select marks it first, and
 * its state a moment later. */
bool gr__g_blocked(struct gr__g *g);

/* For who has stopped all threads: where the stack of a goroutine that does not run is in use from, with its
 * registers on it; 0: it runs, or a thread is just leaving or entering it. *arguments: words that were given to it
 * and that it has not taken yet. */
uintptr_t gr__g_stands_from(struct gr__g *g, const uintptr_t **arguments, size_t *count);

/* Who did something, and where: kept for reports of what comes of it. Packed: each channel has one. */
typedef struct __attribute__((packed, aligned(4))) gr__deed {
    uintptr_t pc;               /* return address in the user's code; 0: nobody did it */
    uint64_t goid;
    uint32_t place;             /* the detector's name for it, with all callers; 0: not known */
} gr__deed;

typedef struct gr__channel_view {
    uint64_t length, capacity;
    bool closed;
    uint32_t origin;            /* origin.def */
    uintptr_t made_pc;
    gr__deed closed_by;         /* pc 0: nobody, or an alarm */
} gr__channel_view;
void gr__channel_look(const void *channel, gr__channel_view *out);

#endif
