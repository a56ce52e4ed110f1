/* find.c - what an M does to find a goroutine to run: its own queue, the global one, alarms, the queues
 * of others; then it gives up its P and sleeps. On the scheduler's stack, busy. */
#include "runtime/sched/internal.h"

#include "runtime/net/net.h"
#include "runtime/os/os.h"
#include "runtime/time/time.h"

enum { SEARCH_ROUNDS = 6 };

static gr__g *get_global(gr__p *p, uint32_t max) {
    gr__lock(&gr__s.lock);
    gr__g *g = gr__queue_get_global(p, max);
    gr__unlock(&gr__s.lock);
    return g;
}

static gr__g *search(gr__p *p) {
    for (int round = 0; round < SEARCH_ROUNDS; round++) {
        uint32_t n = GR__LOAD(&gr__s.procs_made), first = n > 1 ? gr__choose(n) : 0;
        for (uint32_t i = 0; i < n; i++) {
            gr__p *victim = GR__LOAD(&gr__s.ps[(first + i) % n]);
            gr__g *g = victim != p ? gr__queue_steal(p, victim) : NULL;
            if (g) return g;
        }
        if (GR__LOAD(&gr__s.length)) return NULL;
        for (int i = 0; i < 60; i++) gr__pause();
    }
    return NULL;
}

static bool work_somewhere(void) {
    uint32_t n = GR__LOAD(&gr__s.procs_made);
    for (uint32_t i = 0; i < n; i++)
        if (!gr__queue_empty(GR__LOAD(&gr__s.ps[i]))) return true;
    return GR__LOAD(&gr__s.length) != 0;
}

static bool alarms_due(void) {
    uint64_t next = gr__alarms_next();
    return next && gr__os_now() >= next;
}

static bool poll_net(void) {
    GR__STORE_RELAXED(&gr__s.polled, GR__LOAD_RELAXED(&gr__s.clock));
    return gr__net_poll(0) != 0;
}

static void stop_spinning(gr__m *m) {
    m->spinning = false;
    if (GR__ADD(&gr__s.spinning, -1) == 0) gr__wake_p();
}

/* GOMAXPROCS has sunk below this P. */
static void retire(gr__m *m, gr__p *p) {
    gr__lock(&gr__s.lock);
    gr__p_put_idle(p);
    GR__STORE(&m->p, NULL);
    gr__unlock(&gr__s.lock);
    if (m->spinning) stop_spinning(m);
    gr__wake_p();
}

/* Threads fight for locks: what waits in p goes to the others, and this one sleeps. */
static void fold(gr__m *m, gr__p *p) {
    GR__STORE_RELAXED(&p->fold, false);
    if (GR__LOAD(&gr__s.idle_p_count) + 1 >= GR__LOAD(&gr__s.procs)) return;
    gr__lock(&gr__s.lock);
    gr__p_put_idle(p);
    GR__STORE(&m->p, NULL);
    bool alone = gr__s.idle_p_count >= gr__s.procs;     /* the others have just gone to sleep */
    gr__unlock(&gr__s.lock);
    if (m->spinning) stop_spinning(m);
    if (alone) gr__wake_p();
    gr__m_stop(m);
}

/* Give up p, unless work has come. False: go on looking. */
static bool give_up_p(gr__m *m, gr__p *p) {
    gr__lock(&gr__s.lock);
    if (gr__s.length) {
        gr__unlock(&gr__s.lock);
        return false;
    }
    gr__p_put_idle(p);
    GR__STORE(&m->p, NULL);
    gr__unlock(&gr__s.lock);
    bool was_spinning = m->spinning;
    if (was_spinning) {
        m->spinning = false;
        GR__ADD(&gr__s.spinning, -1);
    }
    gr__full_fence();
    if (!work_somewhere()) return true;
    gr__lock(&gr__s.lock);
    GR__STORE(&m->p, gr__p_take_idle(m));
    gr__unlock(&gr__s.lock);
    if (!m->p) return true;
    if (was_spinning) {
        m->spinning = true;
        GR__ADD(&gr__s.spinning, 1);
    }
    return false;
}

static gr__p *p_of(gr__m *m) {
    gr__p *p = gr__p_here(m);
    if (p) return p;
    gr__lock(&gr__s.lock);
    p = gr__p_take_idle(m);
    GR__STORE(&m->p, p);
    gr__unlock(&gr__s.lock);
    return p;
}

gr__g *gr__find(gr__m *m) {
    for (;;) {
        gr__p *p = p_of(m);
        if (!p) {
            gr__m_stop(m);
            continue;
        }
        if (GR__UNLIKELY(p->id >= GR__LOAD_RELAXED(&gr__s.procs))) {
            retire(m, p);
            continue;
        }
        uint32_t tick = p->tick + 1;
        GR__STORE_RELAXED(&p->tick, tick);
        if (alarms_due()) gr__alarms_run(gr__os_now());
        gr__g *g = NULL;
        if (gr__p_turn_of_global(p, tick)) {
            p->looked = tick;
            if (GR__UNLIKELY(GR__LOAD_RELAXED(&p->fold))) {
                fold(m, p);
                continue;
            }
            if (GR__LOAD_RELAXED(&gr__s.length)) g = get_global(p, 1);
        }
        if (!g) g = gr__queue_get(p);
        if (!g && GR__LOAD(&gr__s.length)) g = get_global(p, GR__RING / 2);
        if (!g && gr__net_active() && poll_net()) g = gr__queue_get(p);
        if (!g && (m->spinning || 2 * GR__LOAD(&gr__s.spinning) <
                                      GR__LOAD(&gr__s.procs) - GR__LOAD(&gr__s.idle_p_count))) {
            if (!m->spinning) {
                m->spinning = true;
                GR__ADD(&gr__s.spinning, 1);
            }
            g = search(p);
        }
        if (g) {
            if (m->spinning) stop_spinning(m);
            return g;
        }
        gr__g_trim(p);
        if (give_up_p(m, p)) gr__m_stop(m);
    }
}
