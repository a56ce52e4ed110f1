/* run.c - who runs: parking, readying, yielding, starting and ending goroutines.
 *
 * A goroutine that gives up its thread goes straight on to the next one of its P, if there is one at
 * hand; else to the thread's scheduler (find.c), and so it does every few times, since the scheduler
 * looks after alarms and the global queue. The lock of what a goroutine waits on is dropped before it
 * has left its stack; `sp` says when it has, and who is to run it waits for that. Only the scheduler
 * waits so: two goroutines that waited for each other's stacks on their own would do so for ever. */
#include "runtime/sched/internal.h"

#include "runtime/arch/arch.h"
#include "runtime/os/os.h"

/* This thread goes on with g, whose context was taken from g->sp. */
GR__INLINE void take_over(gr__m *m, gr__g *g) {
    GR__STORE_RELAXED(&g->sp, NULL);
    g->m = m;
    GR__STORE_RELAXED(&m->current, g);
    GR__STORE_RELEASE(&g->head.state, GR__STATE_RUNNING);
    GR__TLS_WRITE(gr__tls_g, g);
    gr__hook_switch(g);
}

/* By sleeping, too, in case the thread that is to leave it has a lower priority. */
static void *wait_until_left(gr__g *g) {
    enum { PAUSES = 100, YIELDS = 60, NAP_NS = 50000 };
    void *sp;
    for (unsigned i = 0; !(sp = GR__LOAD_ACQUIRE(&g->sp)); i++) {
        uint32_t never = 0;
        if (i < PAUSES) gr__pause();
        else if (i < PAUSES + YIELDS) gr__os_yield();
        else gr__os_wait(&never, 0, gr__os_now() + NAP_NS);
    }
    return sp;
}

void gr__m_run(gr__m *m) {
    for (;;) {
        if (m->dead) {
            gr__g_recycle(gr__p_here(m), m->dead);
            m->dead = NULL;
        }
        gr__g *g = m->pending;
        m->pending = NULL;
        if (!g) g = gr__find(m);
        void *sp = wait_until_left(g);
        take_over(m, g);
        gr__fiber_leave(&m->fiber, &g->fiber);
        gr__switch(&m->sp, sp);
        gr__fiber_arrived(&m->fiber);
    }
}

/* What this P has at hand; NULL: ask the scheduler. */
GR__INLINE gr__g *at_hand(gr__m *m) {
    gr__p *p = gr__p_here(m);
    if (GR__UNLIKELY(!p)) return NULL;
    uint32_t tick = p->tick + 1;
    p->chain = 0;
    if (GR__UNLIKELY(gr__p_turn_of_global(p, tick))) return NULL;
    gr__g *g = gr__queue_get(p);
    if (g) GR__STORE_RELAXED(&p->tick, tick);
    return g;
}

/* g leaves its stack for `next`, or for the scheduler. *save gets the context. */
GR__INLINE void leave_for(gr__g *g, gr__m *m, gr__g *next, void **save) {
    void *sp = next ? GR__LOAD_ACQUIRE(&next->sp) : NULL;
    gr__fiber *to = &m->fiber;
    if (GR__LIKELY(sp != NULL)) {
        take_over(m, next);
        to = &next->fiber;
    } else {
        m->pending = next;
        GR__STORE_RELAXED(&m->current, NULL);
        GR__TLS_WRITE(gr__tls_g, NULL);
        sp = m->sp;
    }
    if (save == &m->nowhere) gr__fiber_leave_for_good(&g->fiber, to);
    else gr__fiber_leave(&g->fiber, to);
    gr__switch(save, sp);
    gr__fiber_arrived(&g->fiber);
}

/* What is a thread's, and goes along with a goroutine to another one. */
typedef struct luggage { int error; gr__exceptions exceptions; } luggage;
GR__INLINE luggage take_along(const gr__m *m) {
    luggage l;
    l.error = *m->errno_at;
    if (GR__UNLIKELY(m->exceptions_at)) l.exceptions = *m->exceptions_at;
    return l;
}
GR__INLINE void unpack(gr__m *m, const luggage *l) {
    *m->errno_at = l->error;
    if (GR__UNLIKELY(m->exceptions_at)) *m->exceptions_at = l->exceptions;
}

/* g gives its thread to `next`, or to the scheduler, and comes back on whatever thread. */
GR__INLINE void make_way(gr__g *g, gr__m *m, gr__g *next) {
    luggage own = take_along(m);
    leave_for(g, m, next, &g->sp);
    m = g->m;
    unpack(m, &own);
    gr__m_done(m, 0);
}

/* The goroutine g, which others may find by now, gives up its thread. */
GR__INLINE void leave(gr__g *g, gr__m *m) {
    gr__g *next = at_hand(m);
    if (GR__LIKELY(next != g)) {
        make_way(g, m, next);
        return;
    }
    take_over(m, g);
    gr__m_done(m, 0);
}

static void park_foreign(gr__g *g, void (*drop)(void *), void *argument) {
    GR__STORE(&g->note, 0);
    gr__lock(&gr__s.lock);
    gr__s.foreign_parked++;
    bool suspect = gr__check_dead();
    gr__unlock(&gr__s.lock);
    if (drop) drop(argument);
    while (!GR__LOAD(&g->note)) {
        gr__os_wait(&g->note, 0, suspect ? gr__os_now() + GR__SUSPECT_NS : 0);
        if (!suspect || GR__LOAD(&g->note)) continue;
        gr__lock(&gr__s.lock);
        suspect = gr__check_dead();
        gr__unlock(&gr__s.lock);
    }
    GR__STORE(&g->head.state, GR__STATE_RUNNING);
}

static inline void park(gr__g *g, void (*drop)(void *), void *argument, unsigned reason,
                        const void *object, uintptr_t pc) {
    gr__g_head *h = &g->head;
    uint64_t now = GR__LOAD_RELAXED(&gr__s.clock);
    h->wait = reason;
    h->wait_object = object;
    h->wait_pc = pc;
    h->wait_since_ns = GR__LIKELY(now && !h->foreign) ? now : gr__os_now_coarse();
    gr__hook_block(g, reason, object, pc);
    GR__STORE_RELEASE(&h->state, GR__STATE_WAITING);
    if (GR__UNLIKELY(h->foreign)) {
        park_foreign(g, drop, argument);
    } else {
        gr__m *m = g->m;
        gr__m_busy(m);
        gr__hook_switch(NULL);
        if (drop) drop(argument);
        leave(g, m);
    }
    h->wait = GR__WAIT_NONE;
    gr__hook_unblock(g);
}

static inline void drop_lock(void *lock) { gr__unlock(lock); }

void gr__park(gr__g *g, uint32_t *lock, unsigned reason, const void *object, uintptr_t pc) {
    if (lock) park(g, drop_lock, lock, reason, object, pc);
    else park(g, NULL, NULL, reason, object, pc);
}

void gr__park_dropping(gr__g *g, void (*drop)(void *), void *argument, unsigned reason,
                       const void *object, uintptr_t pc) {
    park(g, drop, argument, reason, object, pc);
}

void gr__park_forever(gr__g *g, unsigned reason, uintptr_t pc) {
    for (;;) gr__park(g, NULL, reason, NULL, pc);
}

static void ready_foreign(gr__g *g) {
    gr__lock(&gr__s.lock);
    gr__s.foreign_parked--;
    gr__unlock(&gr__s.lock);
    GR__STORE(&g->note, 1);
    gr__os_wake(&g->note, 1);
}

/* Should another thread be asked at once to run what g makes ready? Mostly g parks soon, and what it has
 * woken goes on here, in warm caches, sooner than another thread would wake. The monitor tells when not:
 * of one goroutine here, of a P in p->crowd. */
GR__INLINE bool eager(gr__g *g) {
    if (GR__UNLIKELY(!GR__LOAD_RELAXED(&gr__s.watched))) return true;
    uint8_t left = GR__LOAD_RELAXED(&g->eager);
    if (GR__LIKELY(!left)) return false;
    GR__STORE_RELAXED(&g->eager, (uint8_t)(left - 1));
    return true;
}

/* g runs next on p. True: so many wait now that others should take some. */
GR__INLINE bool put_next(gr__p *p, gr__g *g) {
    return GR__UNLIKELY(gr__queue_put_next(p, g)) && gr__queue_length(p) > GR__LOAD_RELAXED(&p->crowd);
}

void gr__ready(gr__g *g) {
    if (GR__UNLIKELY(g->head.foreign)) {
        ready_foreign(g);
        return;
    }
    GR__STORE_RELEASE(&g->head.state, GR__STATE_RUNNABLE);
    gr__m *m = gr__m_self();
    if (GR__UNLIKELY(!m)) {
        gr__queue_put_global(g);
        gr__wake_p();
        return;
    }
    uint32_t was = gr__m_busy(m);
    gr__p *p = gr__p_here(m);
    gr__g *self = m->current;
    bool wake = true;
    if (GR__UNLIKELY(!p)) {
        gr__queue_put_global(g);
    } else if (self && !eager(self) && GR__LOAD_RELAXED(&p->crowd) != GR__CROWD_NONE) {
        wake = put_next(p, g);
    } else {
        gr__queue_put(p, g);
    }
    gr__m_done(m, was);
    if (wake) gr__wake_p();
}

void gr__ready_list(gr__g *first) {
    for (gr__g *next; first; first = next) {
        next = first->link;     /* its own again once it runs */
        gr__ready(first);
    }
}

static void yield(gr__g *g, bool to_the_end) {
    if (g->head.foreign) {
        gr__os_yield();
        return;
    }
    gr__m *m = g->m;
    gr__m_busy(m);
    gr__p *p = gr__p_here(m);
    GR__STORE_RELEASE(&g->head.state, GR__STATE_RUNNABLE);
    gr__hook_switch(NULL);
    if (p && !to_the_end) gr__queue_put(p, g);
    else gr__queue_put_global(g);
    gr__wake_p();
    leave(g, m);
}

void gr_gosched(void) { yield(gr__self(), false); }

void gr__fruitless(gr__g *g) {
    if (++g->fruitless % 64 == 0) yield(g, false);
}

void gr__preempted(gr__g *g) {
    GR__STORE_RELAXED(&g->preempt, 0);
    yield(g, true);
}

GR__INLINE _Noreturn void end(gr__g *g) {
    gr__m *m = g->m;
    gr__m_busy(m);
    gr__hook_goexit(g);
    gr__hook_switch(NULL);
    gr__p *p = gr__p_here(m);
    bool put_away = p && gr__g_recycle_here(p, g);
    if (GR__UNLIKELY(!put_away)) m->dead = g;
    leave_for(g, m, put_away ? at_hand(m) : NULL, &m->nowhere);
    __builtin_unreachable();
}

/* Where every new stack begins: a goroutine's, or that of the main thread's scheduler. */
_Noreturn void gr__g_begin(void) {
    typedef void function(uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t,
                          uintptr_t, uintptr_t);
    gr__g *g = gr__g_self();
    gr__fiber_arrived(g ? &g->fiber : &gr__m_self()->fiber);
    if (GR__LIKELY(g != NULL)) {
        if (GR__UNLIKELY(g->m->exceptions_at)) *g->m->exceptions_at = (gr__exceptions){NULL, 0};
        gr__m_done(g->m, 0);
        /* Surplus argument words do no harm in the calling conventions of C. */
        const uintptr_t *w = g->words;
        ((function *)(uintptr_t)g->fn)(w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]);
        end(gr__self());
    }
    gr__m_run(gr__m_self());
    __builtin_unreachable();
}

void gr_goexit(void) {
    gr__g *g = gr__self();
    if (g->head.foreign) gr__fatal("gr_goexit on a thread that is not a goroutine");
    if (!g->head.main) end(g);
    gr__m *m = g->m;
    gr__m_busy(m);
    GR__STORE(&gr__s.main_gone, true);
    GR__STORE(&g->head.state, 0);
    gr__g_count(-1);
    gr__hook_switch(NULL);
    leave_for(g, m, at_hand(m), &m->nowhere);
    __builtin_unreachable();
}

static void start_later(gr__g *g, void (*fn)(void), const uintptr_t *words, int count, uintptr_t pc) {
    gr__g_start(gr__g_new(fn, words, count, pc));
    gr__safe_point(g);
}

/* Where each starts the next one and all of them have yet to end, they would all live at once: from some
 * length on the next one gets in line behind them. */
enum { LONG_CHAIN = 64 };
GR__INLINE bool chain_is_long(gr__p *p, gr__g *g) {
    if (GR__LIKELY(++p->chain < LONG_CHAIN)) return false;
    p->chain = 0;
    GR__STORE_RELAXED(&g->eager, 1);
    return true;
}

/* The new goroutine runs at once, and who started it goes on when that parks or ends: so many short ones
 * use one warm stack in turn, and those that wait do so before anybody looks for them. One who starts
 * long ones is told apart by the monitor, and goes on first. */
GR__INLINE void start(void (*fn)(void), const uintptr_t *words, int count, uintptr_t pc) {
    gr__g *g = gr__self();
    gr__m *m = g->m;
    if (GR__UNLIKELY(!m || !fn || eager(g))) {
        start_later(g, fn, words, count, pc);
        return;
    }
    gr__m_busy(m);
    gr__p *p = gr__p_here(m);
    if (GR__UNLIKELY(!p || chain_is_long(p, g))) {
        gr__m_done(m, 0);
        start_later(g, fn, words, count, pc);
        return;
    }
    gr__g *child = gr__g_take(p);
    gr__g_fill(child, p, g, fn, words, count, pc);
    gr__p_living(p, 1);
    GR__STORE_RELAXED(&p->tick, p->tick + 1);
    GR__STORE_RELEASE(&g->head.state, GR__STATE_RUNNABLE);
    gr__hook_switch(NULL);
    if (GR__UNLIKELY(put_next(p, g))) gr__wake_p();
    make_way(g, m, child);
}

void gr__go_words(void (*fn)(void), const uintptr_t *words, int count) {
    start(fn, words, count, GR__CALLER_PC);
}

void gr_go(void (*fn)(void *), void *arg) {
    uintptr_t word = (uintptr_t)arg;
    start((void (*)(void))fn, &word, 1, GR__CALLER_PC);
}

int gr_num_goroutine(void) {
    gr__self();
    return (int)gr__g_count(0);
}
int gr_num_cpu(void) { return gr__os_cpus(); }
uint64_t gr_goid(void) { return gr__self()->head.goid; }

void gr_set_name(const char *name) {
    gr__g_head *h = &gr__self()->head;
    size_t n = 0;
    for (; name && name[n] && n < GR__NAME_SIZE - 1; n++) h->name[n] = name[n];
    h->name[n] = 0;
}
