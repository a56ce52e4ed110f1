/* linux.c - futexes, clocks, threads. Any thread; no state. */
#include "runtime/os/os.h"

#include "runtime/base/fault.h"
#include "runtime/hook/hook.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void gr__os_wait(uint32_t *word, uint32_t value, uint64_t until_ns) {
    int saved = errno;
    struct timespec until = {(time_t)(until_ns / 1000000000), (long)(until_ns % 1000000000)};
    syscall(SYS_futex, word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, value,
            until_ns ? &until : NULL, NULL, FUTEX_BITSET_MATCH_ANY);
    errno = saved;
}

void gr__os_wake(uint32_t *word, int how_many) {
    int saved = errno;
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, how_many, NULL, NULL, 0);
    errno = saved;
}

void gr__os_yield(void) {
    int saved = errno;
    syscall(SYS_sched_yield);
    errno = saved;
}

bool gr__os_barrier_register(void) {
    int saved = errno;
    long done = syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0);
    errno = saved;
    return done == 0;
}

void gr__os_barrier_everywhere(void) {
    int saved = errno;
    syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
    errno = saved;
}

static uint64_t clock_ns(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t gr__os_now(void) { return clock_ns(CLOCK_MONOTONIC); }
uint64_t gr__os_now_coarse(void) { return clock_ns(CLOCK_MONOTONIC_COARSE); }
int gr__os_tid(void) { return (int)syscall(SYS_gettid); }
bool gr__os_is_main_thread(void) { return gr__os_tid() == (int)syscall(SYS_getpid); }

int gr__os_cpus(void) {
    int saved = errno;
    unsigned long mask[128] = {0};
    long bytes = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
    int n = 0;
    for (long i = 0; i < bytes / (long)sizeof mask[0]; i++) n += __builtin_popcountl(mask[i]);
    errno = saved;
    return n > 0 ? n : 1;
}

int gr__os_hidden_threads;

int gr__os_threads(void) {
    int saved = errno, n = 0;
    char text[1024];
    int fd = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/stat", O_RDONLY | O_CLOEXEC, 0);
    if (fd >= 0) {
        long length = syscall(SYS_read, fd, text, sizeof text - 1);
        syscall(SYS_close, fd);
        text[length > 0 ? length : 0] = 0;
        /* field 20; the name in field 2 may hold anything, so count from its last parenthesis */
        const char *at = text;
        for (const char *p = text; *p; p++)
            if (*p == ')') at = p;
        int field = 2;
        for (; *at && field < 20; at++) field += *at == ' ';
        for (; *at >= '0' && *at <= '9'; at++) n = n * 10 + (*at - '0');
    }
    errno = saved;
    if (fd < 0) return INT_MAX;
    n -= GR__LOAD(&gr__os_hidden_threads);
    return n > 0 ? n : 1;       /* emulators say 0 */
}

static uint64_t signals(int how, const uint64_t *change) {
    int saved = errno;
    uint64_t before = 0;
    syscall(SYS_rt_sigprocmask, how, change, &before, sizeof before);
    errno = saved;
    return before;
}

uint64_t gr__os_signals(void) { return signals(SIG_BLOCK, NULL); }
void gr__os_signals_set(uint64_t blocked) { signals(SIG_SETMASK, &blocked); }
uint64_t gr__os_signals_block(void) {
    /* 32 and 33 are libc's own: setuid, for one, waits until every thread has had them */
    uint64_t all = ~((uint64_t)3 << 31);
    return signals(SIG_SETMASK, &all);
}

_Noreturn void gr__os_exit(int status) {
    for (;;) syscall(SYS_exit_group, status);
}

_Noreturn void gr__os_abort(void) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    uint64_t none = 0;
    sigaction(SIGABRT, &action, NULL);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof none);
    syscall(SYS_tgkill, syscall(SYS_getpid), syscall(SYS_gettid), SIGABRT);
    gr__os_exit(128 + SIGABRT);
}

bool gr__os_thread(void *(*run)(void *), void *argument, size_t stack_size) {
    if (gr__fault(GR__FAULT_CLONE)) return false;
    int saved = errno;
    pthread_attr_t attributes;
    pthread_t thread;
    gr__hook_own_begin();
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, stack_size);
    int failed = pthread_create(&thread, &attributes, run, argument);
    pthread_attr_destroy(&attributes);
    gr__hook_own_end();
    errno = saved;
    return !failed;
}

__attribute__((noinline)) int gr__os_errno(void) { return errno; }
__attribute__((noinline)) void gr__os_errno_set(int value) { errno = value; }

extern void *__libc_stack_end;

void gr__os_stack(uintptr_t *low, uintptr_t *high) {
    /* glibc puts a thread's descriptor at the top of its stack */
    uintptr_t top = gr__os_is_main_thread() ? (uintptr_t)__libc_stack_end : (uintptr_t)pthread_self();
    struct rlimit limit;
    uintptr_t size = 8u << 20;
    if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        size = (uintptr_t)limit.rlim_cur;
    *high = top;
    *low = top > size ? top - size : 0;
}
