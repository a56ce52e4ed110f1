/* locks.h - what the doors tell of locks: taken, about to be given. Doors only. */
#ifndef GR_DETECTOR_DOORS_LOCKS_H
#define GR_DETECTOR_DOORS_LOCKS_H

#include "detector/doors/doors.h"

void gr__doors_locks_init(void);

/* Self has it now; flags of gr__hold. */
static inline void gr__lock_taken(enum gr__lock_kind kind, const volatile void *lock, unsigned flags, uintptr_t pc) {
    if (gr__me != &gr__nobody) gr__held_take(gr__me, kind, (uintptr_t)lock, flags, pc);
}
/* tell_lock.c */
void gr__tell_lock_order(gr__actor *self, const gr__order_step *steps, unsigned count);
/* Self ends as an actor. */
void gr__locks_end(gr__actor *self);

#endif
