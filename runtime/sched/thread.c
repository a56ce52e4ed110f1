/* thread.c - which M and which goroutine a thread has, and how a thread gets them.
 *
 * A goroutine changes threads, and compilers keep addresses of thread-local variables; so they are
 * read through functions that are not inlined. */
#include "runtime/sched/internal.h"

#include "runtime/arch/arch.h"
#include "runtime/os/os.h"

#include <pthread.h>
#include <stdlib.h>

static __thread gr__m *tls_m;
static __thread gr__g *tls_g;
static pthread_key_t foreign_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

enum { SCHEDULER_STACK = 256 * 1024 };

GR__NOINLINE gr__m *gr__m_self(void) {
    __asm__ volatile("" ::: "memory");
    return tls_m;
}

GR__NOINLINE gr__g *gr__g_self(void) {
    __asm__ volatile("" ::: "memory");
    return tls_g;
}

GR__NOINLINE void gr__thread_set(gr__m *m, gr__g *g) {
    tls_m = m;
    tls_g = g;
}

GR__NOINLINE void gr__g_set(gr__g *g) { tls_g = g; }

static void foreign_end(void *argument) {
    gr__g *g = argument;
    gr__hook_goexit(g);
    gr__g_set(NULL);
    gr__g_recycle(NULL, g);
    gr__stack_overflow_thread_end();
}

static void init(void) {
    const char *text = getenv("GOMAXPROCS");
    long n = text ? strtol(text, NULL, 10) : 0;
    if (n < 1) n = gr__os_cpus();
    pthread_key_create(&foreign_key, foreign_end);
    gr__lock(&gr__s.lock);
    gr__procs_set((uint32_t)(n > GR__MAX_PROCS ? GR__MAX_PROCS : n));
    gr__unlock(&gr__s.lock);
    gr__stack_overflow_init();
    gr__quit_init();
}

void gr__sched_ensure(void) {
    gr__hook_own_begin();
    pthread_once(&once, init);
    gr__hook_own_end();
}

static gr__m main_m;

/* The scheduler of the first M runs on a stack of its own: the thread's belongs to main. */
_Noreturn static void main_scheduler(void) {
    gr__m_run(gr__m_self());
    __builtin_unreachable();
}

static void attach_main(gr__g *g) {
    gr__m *m = &main_m;
    g->head.goid = 1;
    g->head.main = true;
    char *stack = gr__pages(SCHEDULER_STACK);
    if (!stack) gr__fatal("no memory for the scheduler's stack");
    m->sp = gr__stack_prepare((uintptr_t)stack + SCHEDULER_STACK);
    m->current = g;
    gr__lock(&gr__s.lock);
    gr__s.ms++;
    m->p = gr__s.idle_ps;
    if (m->p) {
        gr__s.idle_ps = m->p->idle_link;
        GR__STORE(&gr__s.idle_p_count, gr__s.idle_p_count - 1);
    }
    gr__unlock(&gr__s.lock);
    /* Threads that are not ours have taken them all: run beyond the limit until one is free. */
    gr__thread_set(m, g);
    gr__stack_overflow_thread();
}

static gr__g *attach(void) {
    int saved = gr__os_errno();
    gr__sched_ensure();
    gr__g *g = gr__g_alloc();
    gr__os_stack(&g->head.stack_low, &g->head.stack_high);
    GR__STORE(&g->head.state, GR__STATE_RUNNING);
    if (gr__os_is_main_thread()) {
        attach_main(g);
    } else {
        g->head.goid = gr__goid_next();
        g->head.foreign = true;
        gr__thread_set(NULL, g);
        gr__stack_overflow_thread();
        gr__hook_own_begin();
        pthread_setspecific(foreign_key, g);
        gr__hook_own_end();
    }
    gr__g_count(1);
    gr__hook_thread_attach(g);
    gr__os_errno_set(saved);
    return g;
}

gr__g *gr__self(void) {
    gr__g *g = gr__g_self();
    return GR__LIKELY(g != NULL) ? g : attach();
}

/* Where every new stack begins. */
_Noreturn void gr__g_begin(void) {
    typedef void function(uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t,
                          uintptr_t, uintptr_t);
    gr__g *g = gr__g_self();
    if (g) {
        /* Surplus argument words do no harm in the calling conventions of C. */
        const uintptr_t *w = g->words;
        ((function *)(uintptr_t)g->fn)(w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]);
        gr_goexit();
    }
    main_scheduler();
}
