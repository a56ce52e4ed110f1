/* stop.c - see stop.h. `gr__world` and the states of threads are atomic; the rest belongs to who
 * stops.
 *
 * Why it is right: a thread that stands in the handler or at a gate does nothing. One that rests is
 * in a call of libc that got its arguments before; it can write where these point, which is nothing
 * that it had not been given, and comes back through a gate. Its flag and `gr__world` are written
 * and read in opposite orders by the two sides, and the barrier on all processors between them lets
 * one of them see the other. A thread that was just made has not told us of itself yet: it is
 * waited for. One in the engine, or with a lock of the doors, goes on until it has come out.
 * Threads that block the signal, or sleep in a call that nobody told us of and that a signal would
 * cut short, can't be stopped. */
#include "detector/doors/stop.h"

#include "detector/doors/interpose.h"
#include "runtime/base/proc.h"
#include "runtime/hook/hook.h"
#include "runtime/os/os.h"

#include <errno.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <ucontext.h>

enum { STANDERS = 8192, FIRST_SIGNAL = 40, LAST_SIGNAL = 64, TASKS = 4096 };
#define NAP_NS ((uint64_t)100000)

uint32_t gr__world;
__thread gr__stander *gr__stander_here;
static __thread bool wanted; /* this thread is to stand when it has come out of the engine */

static gr__stander standers[STANDERS];
static uint32_t used;     /* a: none beyond was ever taken */
static uint32_t stopping; /* a: somebody stops */
static int signal_number; /* c after the first stop; 0: none */
static int tasks[TASKS];  /* who stops: threads that were sent a signal this time */
static uint32_t task_count;

/* --- threads --- */

/* It is free, or its thread ended after it had said so. */
static bool is_free(const gr__stander *s, bool full) {
    int tid = GR__LOAD_RELAXED(&s->tid);
    return !tid ||
           (full && syscall(SYS_tgkill, syscall(SYS_getpid), tid, 0) != 0 && errno == ESRCH);
}

static gr__stander *make(bool full) {
    int tid = gr__os_tid();
    for (uint32_t i = 0; i < STANDERS; i++) {
        int was_of = GR__LOAD_RELAXED(&standers[i].tid);
        if (!is_free(&standers[i], full) || !GR__CAS(&standers[i].tid, &was_of, tid)) continue;
        for (uint32_t was = GR__LOAD(&used); was <= i && !GR__CAS(&used, &was, i + 1);) {}
        GR__STORE(&standers[i].sp, 0);
        standers[i].low = standers[i].high = 0;
        return gr__stander_here = &standers[i];
    }
    return NULL;
}

GR__NOINLINE gr__stander *gr__stander_make(void) {
    int saved = errno;
    gr__stander *s = make(false);
    if (!s) s = make(true);
    errno = saved;
    return s;
}

void gr__stander_end(void) {
    gr__stander *s = gr__stander_here;
    gr__stander_here = NULL;
    if (!s) return;
    GR__STORE(&s->sp, 0);
    GR__STORE(&s->tid, 0);
}

static void wait_here(uint32_t bits) {
    for (uint32_t now; (now = GR__LOAD(&gr__world)) & bits;) gr__os_wait(&gr__world, now, 0);
}

GR__NOINLINE void gr__rest_again(gr__rest *r, uintptr_t sp) {
    uintptr_t before = GR__LOAD(&r->who->sp);
    do {
        GR__STORE(&r->who->sp, sp);
        wait_here(GR__WORLD_STOPS);
        GR__STORE(&r->who->sp, before);
    } while (GR__LOAD(&gr__world) & GR__WORLD_STOPS);
}

/* Stand: the stack is in use from sp on, and registers are in [low, high). */
static void stand(uintptr_t sp, uintptr_t low, uintptr_t high, uint32_t bits) {
    gr__stander *s = gr__stander_here ? gr__stander_here : gr__stander_make();
    if (!s) return; /* whoever stops us finds out */
    uintptr_t outer = s->sp;
    do {
        s->low = low;
        s->high = high;
        GR__STORE(&s->sp, sp);
        wait_here(bits);
        GR__STORE(&s->sp, outer);
        s->low = s->high = 0;
    } while (GR__LOAD(&gr__world) & bits);
}

static GR__NOINLINE void stand_here(uint32_t bits) {
    uintptr_t sp;
    __builtin_unwind_init();
    GR__SP_HERE(sp);
    stand(sp, 0, 0, bits);
    __asm__ volatile("" ::: "memory"); /* no tail call: the frame stays */
}

void gr__world_wait(void) { stand_here(GR__WORLD_STOPS | GR__WORLD_FROZEN); }

void gr__stop_gate(void) {
    gr__rest r = gr__rest_begin((uintptr_t)__builtin_frame_address(0));
    gr__rest_end(&r);
}

void gr__hook_rest_begin(void) {
    gr__rest_begin((uintptr_t)__builtin_frame_address(0) + 2 * sizeof(void *));
}
void gr__hook_rest_end(void) {
    gr__rest r = {gr__stander_here, 0};
    gr__rest_end(&r);
}

/* --- the signal --- */

void gr__stop_let_in(void) {
    if (!wanted) return;
    wanted = false;
    if (GR__LOAD(&gr__world) & GR__WORLD_STOPS) stand_here(GR__WORLD_STOPS);
}

static uintptr_t sp_of(const ucontext_t *c) {
#if defined(__x86_64__)
    return (uintptr_t)c->uc_mcontext.gregs[REG_RSP];
#else
    return (uintptr_t)c->uc_mcontext.sp;
#endif
}

/* What the kernel has saved lies from here up to where the thread was, or to the end of the
 * signal's own stack. */
static void on_stop(int number, siginfo_t *info, void *context) {
    (void)number;
    enum { RED_ZONE = 128 };
    if (!(GR__LOAD(&gr__world) & GR__WORLD_STOPS) || info->si_code != SI_TKILL) return;
    int saved = errno;
    if (gr__engine_inside) {
        wanted = true;
        gr__engine_called = true;
    } else {
        const ucontext_t *c = context;
        uintptr_t sp = sp_of(c) - RED_ZONE, low = (uintptr_t)__builtin_frame_address(0);
        uintptr_t top = (uintptr_t)c->uc_stack.ss_sp + c->uc_stack.ss_size;
        bool apart = low >= (uintptr_t)c->uc_stack.ss_sp && low < top;
        stand(sp, low, apart ? top : sp > low ? sp : low, GR__WORLD_STOPS);
    }
    errno = saved;
}

/* One that the program does not use, or has not used until now. False: there is none. */
static bool have_signal(void) {
    struct sigaction now, mine;
    if (signal_number && REAL(sigaction)(signal_number, NULL, &now) == 0 &&
        now.sa_sigaction == on_stop)
        return true;
    memset(&mine, 0, sizeof mine);
    mine.sa_sigaction = on_stop;
    mine.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
    sigfillset(&mine.sa_mask);
    for (int n = LAST_SIGNAL; n >= FIRST_SIGNAL; n--) {
        if (REAL(sigaction)(n, NULL, &now) != 0 || (now.sa_flags & SA_SIGINFO) ||
            now.sa_handler != SIG_DFL)
            continue;
        if (REAL(sigaction)(n, &mine, NULL) != 0) continue;
        signal_number = n;
        return true;
    }
    return false;
}

/* --- what a thread does, as the kernel tells --- */

/* Data comes to these whole: who waits to read has got nothing yet. */
static bool reads_whole(int fd) {
    struct stat s;
    return syscall(SYS_fstat, fd, &s) == 0 && (S_ISFIFO(s.st_mode) || S_ISCHR(s.st_mode));
}

/* May it get a signal without noticing? Calls that SA_RESTART starts again with nothing lost; of
 * those on a futex with a limit of time, libc's repeat the wait themselves. */
static bool may_interrupt(int tid) {
    char path[GR__PROC_PATH], text[256];
    gr__proc_path(path, GR__PROC_TASKS, tid, "/syscall");
    if (!gr__proc_read(path, text, sizeof text)) return false;
    if (text[0] == 'r' || text[0] == '-') return true; /* running; waits for memory */
    const char *at = text;
    uint64_t number = gr__proc_number(&at, 10), first = gr__proc_number(&at, 16);
    switch (number) {
    case SYS_futex:
    case SYS_sched_yield:
    case SYS_wait4:
    case SYS_waitid: return true;
    case SYS_read: return reads_whole((int)first);
    default: return false;
    }
}

/* --- stopping --- */

static bool stands(int tid) {
    uint32_t n = GR__LOAD(&used);
    for (uint32_t i = 0; i < n; i++)
        if (GR__LOAD(&standers[i].tid) == tid && GR__LOAD(&standers[i].sp)) return true;
    return false;
}

static bool was_told(int tid) {
    for (uint32_t i = 0; i < task_count; i++)
        if (tasks[i] == tid) return true;
    return false;
}

enum answer { ALL, NOT_YET, NEVER };

static enum answer ask(int tid) {
    if (tid == gr__os_tid() || stands(tid)) return ALL;
    if (was_told(tid)) return NOT_YET;
    if (task_count == TASKS) return NEVER;
    if (!may_interrupt(tid) || !gr__proc_task_listens(tid, signal_number)) return NOT_YET; /* it may come to a gate */
    if (stands(tid)) return ALL;
    if (syscall(SYS_tgkill, syscall(SYS_getpid), tid, signal_number) == 0)
        tasks[task_count++] = tid;
    return NOT_YET;
}

static bool ask_one(int tid, void *all) {
    enum answer one = ask(tid);
    if (one > *(enum answer *)all) *(enum answer *)all = one;
    return true;
}
static enum answer ask_all(void) {
    enum answer all = ALL;
    return gr__proc_numbers(GR__PROC_TASKS, ask_one, &all) ? all : NEVER;
}

bool gr__stop_begin(uint64_t patience_ns) {
    int saved = errno;
    enum answer all = NEVER;
    uint64_t until = gr__os_now() + patience_ns;
    while (GR__SWAP(&stopping, 1)) {
        uint32_t never = 0;
        if (gr__os_now() > until) return false;
        gr__os_wait(&never, 0, gr__os_now() + NAP_NS);
    }
    task_count = 0;
    if (gr__os_barrier_register() && have_signal()) {
        __atomic_or_fetch(&gr__world, GR__WORLD_STOPS, __ATOMIC_SEQ_CST);
        gr__os_barrier_everywhere();
        while ((all = ask_all()) == NOT_YET && gr__os_now() < until) {
            uint32_t never = 0;
            gr__os_wait(&never, 0, gr__os_now() + NAP_NS);
        }
    }
    if (all != ALL) gr__stop_end();
    errno = saved;
    return all == ALL;
}

void gr__stop_end(void) {
    __atomic_and_fetch(&gr__world, ~(uint32_t)GR__WORLD_STOPS, __ATOMIC_SEQ_CST);
    gr__os_wake(&gr__world, INT32_MAX);
    GR__STORE(&stopping, 0);
}

void gr__stop_each(void (*visit)(const gr__stander *s, void *argument), void *argument) {
    uint32_t n = GR__LOAD(&used);
    int self = gr__os_tid();
    for (uint32_t i = 0; i < n; i++)
        if (GR__LOAD(&standers[i].tid) && standers[i].tid != self && GR__LOAD(&standers[i].sp))
            visit(&standers[i], argument);
}

/* Of the others nobody is here. */
void gr__stop_forked(void) {
    gr__stander *mine = gr__stander_here;
    uintptr_t sp = mine ? mine->sp : 0;
    gr__world = 0;
    stopping = 0;
    for (uint32_t i = 0; i < used; i++) standers[i] = (gr__stander){.tid = 0};
    used = 0;
    gr__stander_here = NULL;
    if (sp && gr__stander_make()) gr__stander_here->sp = sp;
}
