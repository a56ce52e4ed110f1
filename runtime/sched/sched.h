/* sched.h - front door of the scheduler: goroutines, parking, readying, panics.
 *
 * M:N after Go's: an M is a thread, a P the right to run goroutines (there are GOMAXPROCS) with a
 * queue of its own; an M needs a P. Sources: Vyukov, "Scalable Go Scheduler Design" (2012);
 * Go src/runtime/proc.go. Letters tell who may touch a field: c constant, o the goroutine itself,
 * l the lock of what it waits on, s the lock of the scheduler, a atomic.
 */
#ifndef GR_RUNTIME_SCHED_H
#define GR_RUNTIME_SCHED_H

#include "runtime/arch/fiber.h"
#include "runtime/base/base.h"
#include "runtime/hook/hook.h"
#include "runtime/include/gorace.h"
#include "runtime/inspect/goroutine.h"
#include "runtime/inspect/record.h"
#include "runtime/vocab/wait.h"

typedef struct gr__g gr__g;
typedef struct gr__m gr__m;

enum { GR__GO_WORDS = 8 };

struct gr__g {
    _Alignas(64) gr__g_head head;            /* first: see goroutine.h */
    void *sp;                   /* a: where it goes on; NULL while it runs, and until it has left its thread */
    gr__m *m;                   /* o: the thread that it runs on; NULL: foreign */
    gr__g *link;                /* of the one queue or list that it is in */
    void *waker;                /* l: the waiter through which it was woken; NULL: by a close */
    uint32_t select_done;       /* a: 1 once one case of its select was chosen */
    uint32_t preempt;           /* a: the monitor wants it to let others run */
    uint32_t note;              /* a: foreign: 1 when woken */
    uint32_t fruitless;         /* o: tries in a row that came to nothing */
    uint16_t blocking;          /* o: depth of gr_blocking_begin */
    uint8_t eager;              /* a: so many of its next wake-ups ask for another thread at once */
    bool trimmed;               /* who has it in a free list: its stack is as short as can be */
    void (*fn)(void);           /* c */
    uintptr_t words[GR__GO_WORDS]; /* c */
    gr__fiber fiber;            /* of its stack, for as long as that is its own */
};

/* --- who runs on this thread. A goroutine changes threads, and compilers keep the addresses of
 * thread-local variables over calls; so they are read by instructions that no compiler looks into. --- */
extern __thread gr__m *gr__tls_m __attribute__((visibility("hidden")));
extern __thread gr__g *gr__tls_g __attribute__((visibility("hidden")));
#if defined(__x86_64__)
#define GR__TLS_READ(name, to)                                                                    \
    __asm__ volatile("movq " #name "@gottpoff(%%rip), %0\n\tmovq %%fs:(%0), %0" : "=r"(to))
#define GR__TLS_WRITE(name, value)                                                                \
    do {                                                                                          \
        uintptr_t at_;                                                                            \
        __asm__ volatile("movq " #name "@gottpoff(%%rip), %0\n\tmovq %1, %%fs:(%0)"               \
                         : "=&r"(at_) : "r"(value) : "memory");                                   \
    } while (0)
#elif defined(__aarch64__)
#define GR__TLS_READ(name, to)                                                                    \
    do {                                                                                          \
        uintptr_t at_;                                                                            \
        __asm__ volatile("mrs %0, tpidr_el0\n\tadrp %1, :gottprel:" #name                         \
                         "\n\tldr %1, [%1, #:gottprel_lo12:" #name "]\n\tldr %0, [%0, %1]"         \
                         : "=&r"(to), "=&r"(at_));                                                \
    } while (0)
#define GR__TLS_WRITE(name, value)                                                                \
    do {                                                                                          \
        uintptr_t at_, base_;                                                                     \
        __asm__ volatile("mrs %0, tpidr_el0\n\tadrp %1, :gottprel:" #name                         \
                         "\n\tldr %1, [%1, #:gottprel_lo12:" #name "]\n\tstr %2, [%0, %1]"         \
                         : "=&r"(base_), "=&r"(at_) : "r"(value) : "memory");                     \
    } while (0)
#endif
/* NULL: not a thread that runs goroutines. */
static inline gr__m *gr__m_self(void) {
    gr__m *m;
    GR__TLS_READ(gr__tls_m, m);
    return m;
}
gr__g *gr__attach(void);
/* The goroutine that runs here; the first call of a thread makes it one. */
static inline gr__g *gr__self(void) {
    gr__g *g;
    GR__TLS_READ(gr__tls_g, g);
    return GR__LIKELY(g != NULL) ? g : gr__attach();
}

/* A goroutine ready to be started by gr__ready; child of the caller. */
gr__g *gr__g_new(void (*fn)(void), const uintptr_t *words, int count, uintptr_t pc);
/* Give back one that was made but never readied. */
void gr__g_discard(gr__g *g);
/* It counts as living from now on, and may run. */
void gr__g_start(gr__g *g);

/* Wait until gr__ready(g). `lock` is held, and dropped once nobody can miss the goroutine: who wakes
 * it then waits until it has left its thread. */
void gr__park(gr__g *g, uint32_t *lock, unsigned reason, const void *object, uintptr_t pc);
/* The same where more than one lock is held: `drop` is called instead. */
void gr__park_dropping(gr__g *g, void (*drop)(void *), void *argument, unsigned reason,
                       const void *object, uintptr_t pc);
/* g was chosen to go on, under the lock of what it waits for; gr__ready follows. From here on it is not
 * blocked any more, however long that takes. */
static inline void gr__released(gr__g *g) {
    GR__STORE_RELEASE(&g->head.state, GR__STATE_RUNNABLE);
}
/* Never called for a goroutine that is not parked, or about to park under the lock held here. */
void gr__ready(gr__g *g);
/* The same for those that hang together by `link`, which were taken under a lock that is dropped by now. */
void gr__ready_list(gr__g *first);
/* Park for ever. */
_Noreturn void gr__park_forever(gr__g *g, unsigned reason, uintptr_t pc);
/* A try came to nothing, or a receive to the end of a closed channel: now and then let others run, or a
 * loop of these would starve them. */
void gr__fruitless(gr__g *g);
/* An operation is done that did not park: let others run if the monitor wants that. */
void gr__preempted(gr__g *g);
static inline void gr__safe_point(gr__g *g) {
    if (GR__UNLIKELY(GR__LOAD_RELAXED(&g->preempt))) gr__preempted(g);
}

/* A thread of ours that runs no goroutines, with all signals blocked; it is no reason to think that the program goes
 * on. False: there is none to be had. */
bool gr__sched_helper_start(void *(*run)(void *), void *argument);

/* The P that this thread has, as an index of per-P things; 0 without one. It may change at any time:
 * good for spreading, not for exclusion. */
uint32_t gr__sched_place(void);

/* A number in [0, n), n > 0: every free choice of the runtime. Repeatable with $GORACE_SEED. */
uint32_t gr__choose(uint32_t n);

/* An alarm was set that is due before all others. */
void gr__sched_alarm(uint64_t when);
/* Somebody waits for a descriptor, and nobody did before. */
void gr__sched_io(void);

/* "panic: words" or "fatal error: words", all goroutines, exit status 2. */
_Noreturn void gr__panic(const char *words);
_Noreturn void gr__fatal(const char *words);
/* "fatal error: all goroutines are asleep - deadlock!" */
_Noreturn void gr__all_asleep(void);
/* The same, with what was done before (past.def) to the thing in question. */
_Noreturn void gr__panic_after(const char *words, unsigned past, const gr__deed *deed);
_Noreturn void gr__fatal_after(const char *words, unsigned past, const gr__deed *deed);
/* What is told beside a finding: deed->pc 0: nothing. */
typedef struct gr__past {
    unsigned kind;              /* past.def */
    gr__deed deed;
    uint64_t count;
    unsigned wait;              /* wait.def */
} gr__past;
_Noreturn void gr__fatal_with(const char *words, const gr__past *past);
/* A finding of `kind` about this goroutine at pc; returns. channel, past, note may be NULL. */
void gr__report_misuse(unsigned kind, const void *channel, uintptr_t pc, const gr__past *past,
                       const char *note);
/* What g does at pc. */
static inline void gr__deed_set(gr__deed *deed, gr__g *g, uintptr_t pc) {
    deed->pc = pc;
    deed->goid = g->head.goid;
    deed->place = 0;
    gr__hook_deed(g, deed);
}

/* --- for who knows of threads that stand in calls which are not ours (dead.c) --- */
/* There are Ms. */
bool gr__sched_in_use(void);
/* Nothing of ours can run, and this process has only `others` threads more than those that we know asleep. */
bool gr__sched_asleep(int others);
/* A thread that runs nothing of the program's begins, or has not come about. */
void gr__sched_helper(int change);

#endif
