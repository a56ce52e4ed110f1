/* lock.c - the slow half of the internal lock. Any thread; keeps errno.
 *
 * No queue and no word that says who sleeps: what is guarded is done in tens of nanoseconds, and to ask
 * for sleepers would cost every unlock a full barrier. A holder that the kernel took off its processor
 * is waited for by yielding, and by sleeping in case it has a lower priority. */
#include "runtime/base/base.h"

#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { SPINS = 200, YIELDS = 60, SHORTEST_NS = 20000, LONGEST_NS = 1000000 };

__thread uint32_t gr__lock_fights;

void gr__lock_slow(uint32_t *lock) {
    int saved = errno;
    GR__STORE_RELAXED(&gr__lock_fights, GR__LOAD_RELAXED(&gr__lock_fights) + 1);
    struct timespec nap = {0, SHORTEST_NS};
    for (unsigned i = 0;; i++) {
        uint32_t free = 0;
        if (GR__LOAD_RELAXED(lock) == 0 &&
            __atomic_compare_exchange_n(lock, &free, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            break;
        if (i < SPINS) {
            gr__pause();
        } else if (i < SPINS + YIELDS) {
            syscall(SYS_sched_yield);
        } else {
            uint32_t never = 0; /* not nanosleep: who stops all threads knows that a futex may be interrupted */
            syscall(SYS_futex, &never, FUTEX_WAIT_PRIVATE, 0, &nap, NULL, 0);
            if (nap.tv_nsec < LONGEST_NS) nap.tv_nsec *= 2;
        }
    }
    errno = saved;
}
