/* queued.h - for test programs: has somebody begun to wait for this lock? What gorace tells of it, it has
 * told by then. */
#ifndef QUEUED_H
#define QUEUED_H

#include "../together.h"

static inline void wait_until_queued(gr_mutex *lock) {
    while (!__atomic_load_n(&lock->gr__waiters.gr__head, __ATOMIC_RELAXED)) gr_gosched();
}
/* glibc's locks are 2 once somebody waits. */
static inline void wait_until_contended(pthread_mutex_t *lock) {
    while (__atomic_load_n(&lock->__data.__lock, __ATOMIC_RELAXED) != 2) sched_yield();
}

#endif
