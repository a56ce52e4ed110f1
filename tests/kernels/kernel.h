/* kernel.h - what the bug kernels share: steps in time, and an end at which all who can wait do wait.
 * Included by tests/kernels/NAME.c only.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include "../programs/together.h"
#include <stdio.h>
#include <stdlib.h>

/* A function whose variables are gone when it returns: nobody keeps what only they named. */
#define APART static __attribute__((noinline))

/* Let the others run until each of them waits: on one processor a turn ends nowhere else. */
static inline void settle(void) {
    gr_gomaxprocs(1);
    for (int i = 0; i < 300; i++)
        gr_gosched();
}

/* Wait until somebody wants to write: from then on no new reader is let in. */
static inline void wait_for_writer(gr_rwmutex *lock) {
    while (gr_rwmutex_try_rlock(lock)) {
        gr_rwmutex_runlock(lock);
        gr_gosched();
    }
}

#endif
