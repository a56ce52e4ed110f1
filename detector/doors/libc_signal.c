/* libc_signal.c - signals: who installs handlers, who sends, who waits. Any thread, and handlers.
 *
 * The kernel calls on_signal, which calls the program's handler: as the actor of the thread that it
 * came to, after whoever installed it or sent the signal. A handler that comes while its thread is in the
 * engine or holds a lock of the doors would wait for itself, or go unseen and be missed in what orders
 * it. So it is put off until the thread has come out: the signal is sent again, to this thread alone, and
 * blocked until then. Faults can't be put off; what they do then is not seen.
 *
 * On a thread that nobody acts on (a scheduler's, one that begins or ends) a handler's accesses are not
 * checked, since nothing says what they come after; what it makes happen before is. */
#include "detector/doors/calls.h"
#include "detector/doors/interpose.h"
#include "detector/doors/stop.h"
#include "runtime/os/os.h"

#include <errno.h>
#include <sys/syscall.h>
#include <ucontext.h>

#pragma GCC diagnostic ignored "-Wmissing-prototypes"

enum { SIGNALS = 65 };
/* The program's handlers, and above the address what it wants to read back. Their addresses are the
 * engine's objects. */
#define WANTS_INFO ((uint64_t)1 << 62)
#define WANTS_RESET ((uint64_t)1 << 61)
static uint64_t handlers[SIGNALS]; /* atomic */
static uint64_t interrupting;      /* atomic: those that siginterrupt has said it of */
static uint64_t of_ours;           /* atomic: those whose handler the runtime has installed */

static __thread uint64_t mask_later; /* of the thread, once the signal that was put off may come */
static __thread gr__actor *stand_in; /* acts in handlers where nobody does */

static void *handler_in(uint64_t word) { return (void *)(uintptr_t)(word & ~(WANTS_INFO | WANTS_RESET)); }

/* --- happens-before --- */

static bool known(int number) { return number > 0 && number < SIGNALS; }

void gr__signal_from(int number, uintptr_t pc) {
    if (!known(number)) return;
    GR__SYNC_FROM(SIGNAL, &handlers[number], pc);
    gr__descriptor_signal(pc);
}

static int came(int number, uintptr_t pc) {
    if (known(number)) GR__SYNC_TO(SIGNAL, &handlers[number], pc);
    return number;
}

/* --- handlers --- */

static __thread bool later; /* one was put off */

void gr__signals_let_in(void) {
    if (later) {
        later = false;
        gr__os_signals_set(mask_later);
    }
    gr__stop_let_in();
}

static inline uint64_t bit(int number) { return (uint64_t)1 << (number - 1); }

/* They come of what a thread itself does. */
#define FAULTS (bit(SIGSEGV) | bit(SIGBUS) | bit(SIGFPE) | bit(SIGILL) | bit(SIGTRAP) | bit(SIGSYS))

uint64_t gr__signals_of_ours(void) {
    const uint64_t libc = bit(32) | bit(33); /* cancellation and setuid */
    return GR__LOAD(&of_ours) | FAULTS | libc;
}

static bool put_off(int number, siginfo_t *info, ucontext_t *interrupted) {
    if (FAULTS & bit(number)) return false;
    uint64_t now = gr__os_signals_block();
    if (syscall(SYS_rt_tgsigqueueinfo, syscall(SYS_getpid), syscall(SYS_gettid), number, info) != 0) {
        gr__os_signals_set(now); /* there is no room for it */
        return false;
    }
    uint64_t *mask = (uint64_t *)(void *)&interrupted->uc_sigmask;
    mask_later = *mask;
    *mask |= gr__os_signals() & ~FAULTS;
    later = true;
    gr__engine_called = true;
    return true;
}

static gr__actor *actor_here(void) {
    if (gr__engine_inside) return &gr__nobody;
    if (gr__me != &gr__nobody || !gr__doors_ready || gr__forked) return gr__me;
    if (!stand_in) {
        stand_in = gr__actor_root(GR__ACTOR_THREAD, gr__thread_number_next());
        stand_in->ignore = 1;
    }
    return stand_in;
}

static void on_signal(int number, siginfo_t *info, void *interrupted) {
    int error = errno;
    if (gr__engine_inside && put_off(number, info, interrupted)) {
        errno = error;
        return;
    }
    uintptr_t rests = gr__rest_interrupted();
    uint64_t word = GR__LOAD(&handlers[number]);
    void *handler = handler_in(word);
    gr__actor *before = gr__me, *now = actor_here();
    gr__loc outer = before->context;
    int own = gr__own;
    gr__me = now;
    gr__own = 0;
    if (word & WANTS_RESET) {
        struct sigaction plain = {.sa_handler = SIG_DFL};
        REAL(sigaction)(number, &plain, NULL);
    }
    came(number, (uintptr_t)handler);
    errno = error;
    if (word & WANTS_INFO) ((void (*)(int, siginfo_t *, void *))handler)(number, info, interrupted);
    else ((void (*)(int))handler)(number);
    gr__own = own;
    if (now != before) gr__me = before;
    else if (now != &gr__nobody) now->context = outer;
    gr__rest_resumed(rests);
}

static bool handles(const struct sigaction *a) {
    return a->sa_handler != SIG_DFL && a->sa_handler != SIG_IGN;
}

static bool is_ours(const struct sigaction *a) { return a->sa_sigaction == on_signal; }

/* What the program is told of an action that the kernel has. */
static void translate(struct sigaction *a, uint64_t word) {
    if (!is_ours(a)) return;
    a->sa_handler = (void (*)(int))handler_in(word);
    if (!(word & WANTS_INFO)) a->sa_flags &= ~SA_SIGINFO;
    if (word & WANTS_RESET) a->sa_flags |= (int)SA_RESETHAND;
}

/* A handler may run from the moment that the kernel knows it, so its word comes first. */
static int change(int number, const struct sigaction *action, struct sigaction *old, uintptr_t pc) {
    struct sigaction mine;
    if (!known(number)) return REAL(sigaction)(number, action, old);
    uint64_t before = GR__LOAD(&handlers[number]);
    bool ours = action && handles(action);
    if (ours) {
        uint64_t flags = (action->sa_flags & SA_SIGINFO ? WANTS_INFO : 0) |
                         (action->sa_flags & (int)SA_RESETHAND ? WANTS_RESET : 0);
        gr__copy(&mine, action, sizeof mine);
        mine.sa_sigaction = on_signal;
        mine.sa_flags = (action->sa_flags | SA_SIGINFO) & ~(int)SA_RESETHAND;
        GR__SYNC_FROM(SIGNAL, &handlers[number], pc);
        before = GR__SWAP(&handlers[number], (uint64_t)(uintptr_t)action->sa_handler | flags);
    }
    int status = REAL(sigaction)(number, ours ? &mine : action, old);
    if (!status && action && gr__own) __atomic_fetch_or(&of_ours, bit(number), __ATOMIC_SEQ_CST);
    else if (!status && action) __atomic_fetch_and(&of_ours, ~bit(number), __ATOMIC_SEQ_CST);
    if (status && ours) GR__STORE(&handlers[number], before);
    if (!status && old) translate(old, before);
    return status;
}

GR__EXPORT int sigaction(int number, const struct sigaction *restrict action,
                         struct sigaction *restrict old) {
    return change(number, action, old, PLACE);
}

static bool is_plain(gr__handler h) { return h == SIG_DFL || h == SIG_IGN || h == SIG_ERR || h == SIG_HOLD; }

static gr__handler set(int number, gr__handler wanted, int flags, bool blocks, uintptr_t pc) {
    struct sigaction action = {.sa_handler = wanted, .sa_flags = flags}, old = {.sa_handler = SIG_DFL};
    if (wanted == SIG_ERR || !known(number)) {
        errno = EINVAL;
        return SIG_ERR;
    }
    if (blocks) *(uint64_t *)(void *)&action.sa_mask = bit(number);
    return change(number, &action, &old, pc) == 0 ? old.sa_handler : SIG_ERR;
}

#define LIKE_BSD(name)                                                                            \
    GR__EXPORT gr__handler name(int number, gr__handler wanted) {                                         \
        bool interrupts = known(number) && GR__LOAD(&interrupting) >> (number - 1) & 1;           \
        return set(number, wanted, interrupts ? 0 : SA_RESTART, true, PLACE);                     \
    }
#define LIKE_SYSTEM_V(name)                                                                       \
    GR__EXPORT gr__handler name(int number, gr__handler wanted) {                                         \
        return set(number, wanted, (int)SA_RESETHAND | SA_NODEFER, false, PLACE);                 \
    }
LIKE_BSD(signal)
LIKE_BSD(bsd_signal)
LIKE_BSD(ssignal)
LIKE_SYSTEM_V(sysv_signal)
LIKE_SYSTEM_V(__sysv_signal)

GR__EXPORT int siginterrupt(int number, int interrupts) {
    int status = REAL(siginterrupt)(number, interrupts);
    if (!status && interrupts) __atomic_fetch_or(&interrupting, bit(number), __ATOMIC_SEQ_CST);
    else if (!status) __atomic_fetch_and(&interrupting, ~bit(number), __ATOMIC_SEQ_CST);
    return status;
}

/* The real one unblocks too, and says whether the signal was. */
GR__EXPORT gr__handler sigset(int number, gr__handler wanted) {
    bool ours = known(number) && !is_plain(wanted);
    uint64_t before = known(number) ? GR__LOAD(&handlers[number]) : 0;
    if (ours) {
        GR__SYNC_FROM(SIGNAL, &handlers[number], PLACE);
        GR__STORE(&handlers[number], (uint64_t)(uintptr_t)wanted);
    }
    if (known(number)) __atomic_fetch_and(&of_ours, ~bit(number), __ATOMIC_SEQ_CST);
    gr__handler old = REAL(sigset)(number, ours ? (gr__handler)(void *)on_signal : wanted);
    if (ours && old == SIG_ERR) GR__STORE(&handlers[number], before);
    return old == (gr__handler)(void *)on_signal ? (gr__handler)handler_in(before) : old;
}

/* --- who sends --- */

static bool to_us(pid_t process) { return process <= 0 || process == gr__process; }

GR__EXPORT int kill(pid_t process, int number) {
    if (to_us(process)) gr__signal_from(number, PLACE);
    return REAL(kill)(process, number);
}
GR__EXPORT int killpg(pid_t group, int number) {
    gr__signal_from(number, PLACE);
    return REAL(killpg)(group, number);
}
GR__EXPORT int tgkill(pid_t process, pid_t thread, int number) {
    if (to_us(process)) gr__signal_from(number, PLACE);
    return REAL(tgkill)(process, thread, number);
}
GR__EXPORT int sigqueue(pid_t process, int number, const union sigval value) {
    if (to_us(process)) gr__signal_from(number, PLACE);
    return REAL(sigqueue)(process, number, value);
}
GR__EXPORT int pthread_kill(pthread_t thread, int number) {
    gr__signal_from(number, PLACE);
    return REAL(pthread_kill)(thread, number);
}
GR__EXPORT int pthread_sigqueue(pthread_t thread, int number, const union sigval value) {
    gr__signal_from(number, PLACE);
    return REAL(pthread_sigqueue)(thread, number, value);
}

/* --- who waits --- */

GR__EXPORT int sigwait(const sigset_t *restrict signals, int *restrict number) {
    int failed = GR__STANDING_IN(SIGWAIT, 0, PLACE, WAITS(REAL(sigwait)(signals, number)));
    if (!failed) came(*number, PLACE);
    return failed;
}
GR__EXPORT int sigwaitinfo(const sigset_t *restrict signals, siginfo_t *restrict info) {
    return came(GR__STANDING_IN(SIGWAIT, 0, PLACE, WAITS(REAL(sigwaitinfo)(signals, info))), PLACE);
}
GR__EXPORT int sigtimedwait(const sigset_t *restrict signals, siginfo_t *restrict info,
                            const struct timespec *restrict time) {
    return came(GR__STANDING_IN(SIGWAIT, 0, PLACE, WAITS(REAL(sigtimedwait)(signals, info, time))), PLACE);
}
