/* thread.c - which M and which goroutine a thread has, and how a thread gets them. */
#include "runtime/sched/internal.h"

#include "runtime/arch/arch.h"
#include "runtime/os/os.h"

#include <pthread.h>
#include <stdlib.h>

__thread gr__m *gr__tls_m;
__thread gr__g *gr__tls_g;
static pthread_key_t foreign_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

enum { SCHEDULER_STACK = 256 * 1024 };

/* Of the C++ library, when the program has one. */
extern gr__exceptions *__cxa_get_globals(void) __attribute__((weak));

int *gr__errno(void) { return __errno_location(); }

struct gr__g *gr__g_self(void) {
    gr__g *g;
    GR__TLS_READ(gr__tls_g, g);
    return g;
}

void gr__thread_set(gr__m *m, gr__g *g) {
    GR__TLS_WRITE(gr__tls_m, m);
    GR__TLS_WRITE(gr__tls_g, g);
    if (!m) return;
    m->errno_at = gr__errno();
    GR__STORE_RELEASE(&m->fights_at, &gr__lock_fights);
    if (__cxa_get_globals) m->exceptions_at = __cxa_get_globals();
}

static void foreign_end(void *argument) {
    gr__g *g = argument;
    gr__hook_goexit(g);
    GR__TLS_WRITE(gr__tls_g, NULL);
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
    if (!gr__s.procs) gr__fatal("out of memory: no room for a processor");
    gr__anatomy_init();
    gr__stack_overflow_init();
    if (gr__monitor_start()) gr__quit_init();
}

void gr__sched_ensure(void) {
    gr__hook_own_begin();
    pthread_once(&once, init);
    gr__hook_own_end();
}

static gr__m main_m;

/* The scheduler of the first M runs on a stack of its own: the thread's belongs to main. */
static void attach_main(gr__g *g) {
    gr__m *m = &main_m;
    GR__STORE_RELAXED(&g->sp, NULL);
    g->head.goid = 1;
    g->head.main = true;
    char *stack = gr__pages(SCHEDULER_STACK);
    if (!stack) gr__fatal("out of memory: no room for the scheduler's stack");
    m->sp = gr__stack_prepare((uintptr_t)stack + SCHEDULER_STACK);
    gr__fiber_new(&m->fiber, (uintptr_t)stack, (uintptr_t)stack + SCHEDULER_STACK);
    gr__fiber_here(&g->fiber, g->head.stack_low, g->head.stack_high);
    m->current = g;
    g->m = m;
    gr__lock(&gr__s.lock);
    gr__s.ms++;
    GR__STORE(&m->p, gr__p_take_idle(m));
    gr__unlock(&gr__s.lock);
    /* Threads that are not ours have taken them all: run beyond the limit until one is free. */
    gr__thread_set(m, g);
    gr__stack_overflow_thread();
}

gr__g *gr__attach(void) {
    int saved = gr__os_errno();
    gr__sched_ensure();
    gr__g *g = gr__g_alloc();
    gr__os_stack(&g->head.stack_low, &g->head.stack_high);
    GR__STORE(&g->head.state, GR__STATE_RUNNING);
    if (gr__os_is_main_thread()) {
        attach_main(g);
    } else {
        g->head.goid = gr__goid_block(NULL);
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
