/* perturb.c - steps aside at random, so that tests see orders of threads that are rare by themselves.
 * In builds with GR_CHECKED only; $GORACE_PERTURB=N: once in N places on the average. Any thread. */
#include "runtime/base/base.h"

#ifdef GR_CHECKED

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { NOT_READ = -1, NAP_EVERY = 64, NAP_NS = 20000 };

static __thread uint32_t state;
static int32_t period = NOT_READ;       /* a */

GR__NOINLINE static int32_t read_period(void) {
    const char *text = getenv("GORACE_PERTURB");
    int32_t n = text ? (int32_t)strtol(text, NULL, 10) : 0;
    GR__STORE_RELAXED(&period, n > 0 ? n : 0);
    return n > 0 ? n : 0;
}

/* Not inlined: goroutines change threads, and compilers keep addresses of thread-local variables. */
GR__NOINLINE void gr__perturb(void) {
    int32_t n = GR__LOAD_RELAXED(&period);
    if (n == NOT_READ) n = read_period();
    if (n == 0) return;
    uint32_t x = state;
    if (!x) x = (uint32_t)syscall(SYS_gettid) * 2654435761u | 1;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    state = x;
    if (x % (uint32_t)n) return;
    int saved = errno;
    if (x / (uint32_t)n % NAP_EVERY == 0)
        syscall(SYS_nanosleep, &(struct timespec){0, NAP_NS}, NULL);
    else
        syscall(SYS_sched_yield);
    errno = saved;
}

#endif
