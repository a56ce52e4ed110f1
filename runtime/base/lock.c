/* lock.c - the slow half of the internal lock: spin a little, then sleep in the kernel.
 * Source: Drepper, "Futexes Are Tricky" (2011), mutex3. Any thread. Keeps errno. */
#include "runtime/base/base.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SPINS = 40 };

void gr__lock_slow(uint32_t *lock) {
    for (int i = 0; i < SPINS; i++) {
        uint32_t free = 0;
        if (GR__LOAD_RELAXED(lock) == 0 && GR__CAS(lock, &free, 1)) return;
        gr__pause();
    }
    int saved = errno;
    while (__atomic_exchange_n(lock, 2, __ATOMIC_ACQUIRE) != 0)
        syscall(SYS_futex, lock, FUTEX_WAIT_PRIVATE, 2, NULL, NULL, 0);
    errno = saved;
}

void gr__unlock_slow(uint32_t *lock) {
    int saved = errno;
    syscall(SYS_futex, lock, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    errno = saved;
}
