/* locks.h - front door of the room: which actor holds which locks.
 *
 * A lock is known by its address from the first time that somebody takes it until it is destroyed or its
 * memory is (gr__lock_forget): what lies there then is another lock. Called by the doors, after a lock was
 * taken and before it is given: so what is said here of a lock belongs to who has it. An actor's holds
 * belong to its thread; others may look, and see what was true a moment ago.
 *
 * No malloc, no lock held over a callback. Source of the idea that a lock set is kept for each actor:
 * Savage et al., Eraser (1997).
 */
#ifndef GR_DETECTOR_LOCKS_H
#define GR_DETECTOR_LOCKS_H

#include "detector/engine/engine.h"
#include "runtime/base/base.h"
#include "runtime/vocab/lock.h"

/* READ: with others; TRY: by a call that does not wait for ever. */
enum { GR__HOLD_READ = 1, GR__HOLD_TRY = 2 };

/* A lock that an actor holds. */
typedef struct gr__hold {
    uintptr_t lock;           /* 0: none any more */
    uint32_t record, version; /* of the lock when it was taken: the room's own */
    uintptr_t pc;             /* where it was taken, in this calling context */
    gr__loc context;
    uint16_t depth;           /* taken so often: more than 1 for a recursive lock, or a reader's */
    uint8_t kind, flags;
} gr__hold;
static inline gr__loc gr__hold_place(const gr__hold *h) { return gr__loc_child(h->context, h->pc); }

/* Who holds a lock. */
typedef struct gr__lock_holder {
    uint64_t actor; /* its id; it may have ended */
    gr__loc at;     /* 0: nobody knows any more */
    uint8_t kind, flags;
} gr__lock_holder;

/* One step of a circle of locks: an actor waited for a lock while it held another. */
typedef struct gr__order_step {
    uint64_t actor;
    uintptr_t held, wanted;
    gr__loc held_at, wanted_at;
    uint8_t held_kind, held_flags, wanted_kind, wanted_flags;
} gr__order_step;
enum { GR__ORDER_STEPS = 8 };

/* Called with none of the room's locks. */
typedef struct gr__locks_hooks {
    /* Self has just closed a circle: its first step. What each one wants the next one holds. */
    void (*order)(gr__actor *self, const gr__order_step *steps, unsigned count);
    /* Who is not known to hold a lock is about to give it, at pc. */
    void (*stranger)(enum gr__lock_kind kind, uintptr_t lock, uintptr_t pc);
    /* Memory is freed with a lock in it that somebody holds. */
    void (*freed)(gr__actor *self, uintptr_t lock, const gr__lock_holder *holder, gr__loc at);
} gr__locks_hooks;

/* Once, before the first thread. False: there is no address space. */
bool gr__locks_open(const gr__locks_hooks *hooks);

/* After that: where it all lies, for who looks from outside (anatomy.c). */
struct gr__anatomy;
void gr__lock_anatomy_tell(struct gr__anatomy *a);

/* --- by the actor's thread --- */
/* Self, whose thread this is, has taken the lock: at pc, in its present context. */
void gr__held_take(gr__actor *self, enum gr__lock_kind kind, uintptr_t lock, unsigned flags, uintptr_t pc);
/* Self is about to give the lock. */
enum gr__held_given {
    GR__GIVEN,         /* it holds the lock no more */
    GR__GIVEN_INNER,   /* it holds it still: it had taken it more than once */
    GR__GIVEN_NOT,     /* self is not known to hold it */
};
enum gr__held_given gr__held_give(gr__actor *self, uintptr_t lock);
/* The same; who does not hold it is told of to hooks->stranger. False: nobody was known to hold it. */
bool gr__held_give_at(gr__actor *self, enum gr__lock_kind kind, uintptr_t lock, uintptr_t pc);
/* What others hold is given all the same. */
void gr__held_give_for_others(uintptr_t lock);
bool gr__held_by(const gr__actor *self, uintptr_t lock);
/* Self signals a condition that is kept under one of the locks it holds: each may be a monitor. */
void gr__held_monitor(gr__actor *self);
/* Self ends. What it still holds remains its own. */
void gr__held_end(gr__actor *self);

/* --- by any thread --- */
/* What an actor holds, the first taken first; how many there are (may exceed max). */
size_t gr__held_list(const gr__actor *actor, gr__hold *out, size_t max);
/* Who holds the lock: one, or several readers; how many are known (may exceed max). */
size_t gr__lock_holders(uintptr_t lock, gr__lock_holder *out, size_t max);
/* Was it ever taken, since its memory was new? */
bool gr__lock_known(uintptr_t lock);
/* It was, by somebody who is no actor. */
void gr__lock_meet(uintptr_t lock, enum gr__lock_kind kind);
/* Somebody waits with it for a condition: what is done under it is meant to be in order. */
void gr__lock_monitor(uintptr_t lock);
/* Was it ever given by somebody who did not hold it? */
bool gr__lock_lent(uintptr_t lock);
/* Held by a writer, or exclusively. */
bool gr__lock_written(uintptr_t lock);
/* How many are known to hold it for reading. */
uint32_t gr__lock_readers(uintptr_t lock);
/* There are no locks in [low, low + size) any more. */
void gr__lock_forget(uintptr_t low, size_t size);
/* The same when a block is freed at `at`: tells who held one. */
void gr__lock_freed(gr__actor *self, uintptr_t low, size_t size, gr__loc at);

/* --- what must come before what, by anything but locks: see order.h. By the actors' threads. --- */
extern bool gr__before_matters; /* atomic: there is something to know */
void gr__before_give_slow(gr__actor *self, uintptr_t object);
void gr__before_take_slow(gr__actor *self, uintptr_t object);
void gr__before_fork_slow(gr__actor *parent, gr__actor *child);
void gr__before_join_slow(gr__actor *self, const gr__actor *ended);
#define GR__BEFORE_MATTERS GR__UNLIKELY(__atomic_load_n(&gr__before_matters, __ATOMIC_RELAXED))
static inline void gr__before_give(gr__actor *self, uintptr_t object) {
    if (GR__BEFORE_MATTERS) gr__before_give_slow(self, object);
}
static inline void gr__before_take(gr__actor *self, uintptr_t object) {
    if (GR__BEFORE_MATTERS) gr__before_take_slow(self, object);
}
static inline void gr__before_fork(gr__actor *parent, gr__actor *child) {
    if (GR__BEFORE_MATTERS) gr__before_fork_slow(parent, child);
}
static inline void gr__before_joined(gr__actor *self, const gr__actor *ended) {
    if (GR__BEFORE_MATTERS) gr__before_join_slow(self, ended);
}

#endif
