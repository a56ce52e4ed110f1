/* locks.h - what the doors tell of locks: taken, about to be given. Doors only. */
#ifndef GR_DETECTOR_DOORS_LOCKS_H
#define GR_DETECTOR_DOORS_LOCKS_H

#include "detector/doors/doors.h"

void gr__doors_locks_init(void);

/* Under the detector a section takes longer than it does, so more threads come in between; to sleep would cost them
 * more than what is left of it. So they look again so often first, a few microseconds. */
enum { GR__SOON = 200 };

/* Self has it now; flags of gr__hold. */
static inline void gr__lock_taken(enum gr__lock_kind kind, const volatile void *lock, unsigned flags, uintptr_t pc) {
    if (GR__LIKELY(gr__me != &gr__nobody)) gr__held_take(gr__me, kind, (uintptr_t)lock, flags, pc);
    else if (gr__doors_ready && !gr__forked) gr__lock_meet((uintptr_t)lock, kind);
}
/* lock_misuse.c: self is about to destroy it, or to wait for a condition with it: says what is wrong with that. */
void gr__lock_destroyed(enum gr__lock_kind kind, const volatile void *lock, uintptr_t pc);
void gr__lock_waits_without(enum gr__lock_kind kind, const volatile void *lock, uintptr_t pc);
/* It is not to be had. */
void gr__lock_refused(enum gr__lock_kind kind, const volatile void *lock, uintptr_t pc);
/* Self is about to give it; false: nobody is known to hold it. */
static inline bool gr__lock_given(enum gr__lock_kind kind, const volatile void *lock, uintptr_t pc) {
    return gr__me != &gr__nobody && gr__held_give_at(gr__me, kind, (uintptr_t)lock, pc);
}
/* tell_lock.c */
void gr__tell_lock_order(gr__actor *self, const gr__order_step *steps, unsigned count);
void gr__tell_lock_misuse(unsigned finding, enum gr__lock_kind kind, uintptr_t lock, const gr__lock_holder *holder,
                          gr__loc at, const char *note);
/* Self ends as an actor. */
void gr__locks_end(gr__actor *self);

#endif
