/* run.c - the scheduler loop of an M, and how Ms sleep and are woken.
 *
 * No wake-up is lost: who makes a goroutine runnable puts it into a queue and then looks whether
 * some P is idle and no M searches; who goes to sleep makes its P idle, stops searching and then
 * looks into all queues again. All of this is sequentially consistent. Source: Go's proc.go. */
#include "runtime/sched/internal.h"

#include "runtime/arch/arch.h"
#include "runtime/net/net.h"
#include "runtime/os/os.h"
#include "runtime/time/time.h"

enum { M_STACK = 256 * 1024, SEARCH_ROUNDS = 6, GLOBAL_EVERY = 61, ALARMS_EVERY = 16, CROWD = 128 };
#define SUSPECT_NS ((uint64_t)50000000)
#define NET_OVERDUE_NS ((uint64_t)10000000)

gr__sched gr__s;

/* --- Ps --- */

static void p_put_idle(gr__p *p) {
    if (p->id >= GR__LOAD_RELAXED(&gr__s.procs)) {
        p->retired = true;
        return;
    }
    p->idle_link = gr__s.idle_ps;
    gr__s.idle_ps = p;
    GR__STORE(&gr__s.idle_p_count, gr__s.idle_p_count + 1);
}

static gr__p *p_take_idle(void) {
    gr__p *p = gr__s.idle_ps;
    if (p) {
        gr__s.idle_ps = p->idle_link;
        GR__STORE(&gr__s.idle_p_count, gr__s.idle_p_count - 1);
    }
    return p;
}

void gr__procs_set(uint32_t n) {
    for (; gr__s.procs_made < n; gr__s.procs_made++) {
        gr__p *p = gr__pages((sizeof(gr__p) + GR__PAGE - 1) & ~(GR__PAGE - 1));
        if (!p) break;
        p->id = gr__s.procs_made;
        p->retired = true;
        GR__STORE(&gr__s.ps[p->id], p);
    }
    GR__STORE(&gr__s.procs, n < gr__s.procs_made ? n : gr__s.procs_made);
    gr__p *idle = gr__s.idle_ps;
    gr__s.idle_ps = NULL;
    GR__STORE(&gr__s.idle_p_count, 0);
    while (idle) {
        gr__p *p = idle;
        idle = p->idle_link;
        p_put_idle(p);
    }
    for (uint32_t i = gr__s.procs; i-- > 0;) {
        if (!gr__s.ps[i]->retired) continue;
        gr__s.ps[i]->retired = false;
        p_put_idle(gr__s.ps[i]);
    }
}

int gr_gomaxprocs(int n) {
    gr__self();
    gr__lock(&gr__s.lock);
    int old = (int)gr__s.procs;
    if (n >= 1) gr__procs_set((uint32_t)(n > GR__MAX_PROCS ? GR__MAX_PROCS : n));
    gr__unlock(&gr__s.lock);
    if (n > old) gr__wake_p();
    return old;
}

/* --- Ms --- */

static void *m_main(void *argument) {
    gr__m *m = argument;
    gr__thread_set(m, NULL);
    gr__stack_overflow_thread();
    gr__m_run(m);
    return NULL;
}

/* m's note says why. */
static void m_wake(gr__m *m) {
    gr__os_wake(&m->note, 1);
    if (GR__LOAD(&m->polling)) gr__net_interrupt();
}

/* Give p to an idle M, or to a new one. s held. */
static void m_start(gr__p *p, bool spinning) {
    gr__m *m = gr__s.idle_ms;
    if (m) {
        gr__s.idle_ms = m->idle_link;
        gr__s.ms_idle--;
        m->idle = false;
        m->p = p;
        m->spinning = spinning;
        GR__STORE(&m->note, 1);
        m_wake(m);
        return;
    }
    m = gr__alloc(sizeof(gr__m));
    if (m) {
        m->p = p;
        m->spinning = spinning;
        gr__s.ms++;
        if (gr__os_thread(m_main, m, M_STACK)) return;
        gr__s.ms--;
        gr__free(m, sizeof(gr__m));
    }
    /* No thread to be had: those that run must do. */
    if (spinning) GR__ADD(&gr__s.spinning, -1);
    p_put_idle(p);
}

void gr__wake_p(void) {
    if (!GR__LOAD(&gr__s.idle_p_count) || GR__LOAD(&gr__s.spinning)) return;
    uint32_t none = 0;
    if (!GR__CAS(&gr__s.spinning, &none, 1)) return;
    gr__lock(&gr__s.lock);
    gr__p *p = p_take_idle();
    if (p) m_start(p, true);
    else GR__ADD(&gr__s.spinning, -1);
    gr__unlock(&gr__s.lock);
}

void gr__sched_alarm(uint64_t when) {
    gr__m *w = GR__LOAD(&gr__s.watcher);
    if (!w) {
        gr__wake_p();
    } else if (when < GR__LOAD(&gr__s.watcher_until)) {
        uint32_t sleeping = 0;
        if (GR__CAS(&w->note, &sleeping, 2)) m_wake(w);
    }
}

void gr__sched_io(void) {
    gr__m *w = GR__LOAD(&gr__s.watcher);
    uint32_t sleeping = 0;
    if (!w) gr__wake_p();
    else if (!GR__LOAD(&w->polling) && GR__CAS(&w->note, &sleeping, 2)) m_wake(w);
}

void gr__sched_helper(void) { GR__ADD(&gr__s.helpers, 1); }

static void leave_idle_list(gr__m *m) {
    gr__m **at = &gr__s.idle_ms;
    while (*at != m) at = &(*at)->idle_link;
    *at = m->idle_link;
    m->idle = false;
    gr__s.ms_idle--;
}

/* The watcher's alarm is due: stop being idle, with a P if there is one. False: somebody else has
 * just woken this M. */
static bool watcher_rises(gr__m *m) {
    gr__lock(&gr__s.lock);
    bool mine = m->idle;
    if (mine) {
        leave_idle_list(m);
        m->p = p_take_idle();
    }
    gr__unlock(&gr__s.lock);
    return mine;
}

/* The watcher sleeps: for descriptors too, if anybody waits for one. True: some are ready. */
static bool watcher_sleeps(gr__m *m, uint64_t until) {
    if (!gr__net_active()) {
        if (until != UINT64_MAX) gr__os_wait(&m->note, 0, until);
        return false; /* else: nobody is waited for any more */
    }
    GR__STORE(&m->polling, true);
    bool any = !GR__LOAD(&m->note) && gr__net_poll(until);
    GR__STORE(&m->polling, false);
    return any;
}

/* Sleep as the watcher. True: an alarm has gone off, or a descriptor was ready. */
static bool watch(gr__m *m, bool *suspect) {
    uint64_t next = gr__alarms_next(), now = gr__os_now();
    uint64_t until = next ? next : UINT64_MAX; /* none: it is here for descriptors, or suspects */
    if (*suspect && until > now + SUSPECT_NS) until = now + SUSPECT_NS;
    GR__STORE(&gr__s.watcher_until, until);
    uint64_t again = gr__alarms_next();
    if (again && again < until) return false;
    bool any = watcher_sleeps(m, until);
    uint32_t look = 2;
    GR__CAS(&m->note, &look, 0);
    if (GR__LOAD(&m->note)) return false;
    if (any) return true;
    if (*suspect) {
        gr__lock(&gr__s.lock);
        *suspect = gr__check_dead();
        gr__unlock(&gr__s.lock);
    }
    next = gr__alarms_next();
    return next && gr__os_now() >= next;
}

/* m has no P: sleep until given one, or an alarm is due. */
static void m_stop(gr__m *m) {
    gr__lock(&gr__s.lock);
    GR__STORE(&m->note, 0);
    m->idle = true;
    m->idle_link = gr__s.idle_ms;
    gr__s.idle_ms = m;
    gr__s.ms_idle++;
    bool suspect = gr__check_dead(), due = false;
    gr__unlock(&gr__s.lock);
    while (GR__LOAD(&m->note) != 1) {
        gr__m *watcher = NULL;
        /* what it waited for last may be over: any alarm is earlier than none */
        if (GR__LOAD(&gr__s.watcher) == m) GR__STORE(&gr__s.watcher_until, UINT64_MAX);
        if ((gr__alarms_next() || suspect || gr__net_active()) &&
            (GR__LOAD(&gr__s.watcher) == m || GR__CAS(&gr__s.watcher, &watcher, m))) {
            due = watch(m, &suspect) && watcher_rises(m);
            if (due) break;
        } else {
            uint32_t look = 2;
            if (!GR__CAS(&m->note, &look, 0)) gr__os_wait(&m->note, 0, 0);
        }
    }
    gr__m *self = m;
    bool was_watcher = GR__CAS(&gr__s.watcher, &self, (gr__m *)NULL);
    if (due) gr__alarms_run(gr__os_now());
    if (was_watcher && !m->spinning && (gr__alarms_next() || gr__net_active())) gr__wake_p();
}

/* --- finding work --- */

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
            if (victim == p) continue;
            /* What is next there will most likely run at once: leave it time. */
            gr__g *g = gr__queue_steal(p, victim, round == SEARCH_ROUNDS - 1);
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

static uint64_t net_polled;     /* a: coarse */

static uint32_t net_poll(void) {
    GR__STORE_RELAXED(&net_polled, gr__os_now_coarse());
    return gr__net_poll(0);
}

/* Who has work polls seldom: whom a poll readies, it readies by the hundred, and they queue up. */
static bool net_overdue(void) {
    return gr__net_active() && gr__os_now_coarse() - GR__LOAD_RELAXED(&net_polled) > NET_OVERDUE_NS;
}

static void retire(gr__m *m, gr__p *p) {
    gr__g *g;
    while ((g = gr__queue_get(p))) gr__queue_put_global(g);
    gr__lock(&gr__s.lock);
    p_put_idle(p);
    m->p = NULL;
    gr__unlock(&gr__s.lock);
    if (m->spinning) {
        m->spinning = false;
        GR__ADD(&gr__s.spinning, -1);
    }
    gr__wake_p();
}

/* Give up p, unless work has come. False: go on looking. */
static bool give_up_p(gr__m *m, gr__p *p) {
    gr__lock(&gr__s.lock);
    if (gr__s.length) {
        gr__unlock(&gr__s.lock);
        return false;
    }
    p_put_idle(p);
    m->p = NULL;
    gr__unlock(&gr__s.lock);
    bool was_spinning = m->spinning;
    if (was_spinning) {
        m->spinning = false;
        GR__ADD(&gr__s.spinning, -1);
    }
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (!work_somewhere()) return true;
    gr__lock(&gr__s.lock);
    m->p = p_take_idle();
    gr__unlock(&gr__s.lock);
    if (!m->p) return true;
    if (was_spinning) {
        m->spinning = true;
        GR__ADD(&gr__s.spinning, 1);
    }
    return false;
}

static gr__g *find(gr__m *m) {
    for (;;) {
        gr__p *p = m->p;
        if (!p) {
            gr__lock(&gr__s.lock);
            p = m->p = p_take_idle();
            gr__unlock(&gr__s.lock);
            if (!p) {
                m_stop(m);
                continue;
            }
        }
        if (GR__UNLIKELY(p->id >= GR__LOAD_RELAXED(&gr__s.procs))) {
            retire(m, p);
            continue;
        }
        gr__g *g = NULL;
        uint32_t tick = ++p->tick;
        if (tick % ALARMS_EVERY == 0 && alarms_due()) gr__alarms_run(gr__os_now());
        if (tick % GLOBAL_EVERY == 0 && GR__LOAD_RELAXED(&gr__s.length)) g = get_global(p, 1);
        if (tick % GLOBAL_EVERY == 0 && net_overdue()) net_poll();
        if (!g) g = gr__queue_get(p);
        if (!g && GR__LOAD(&gr__s.length)) g = get_global(p, GR__RING / 2);
        if (!g && gr__net_active() && net_poll()) g = gr__queue_get(p);
        if (g) return g;
        if (alarms_due() && gr__alarms_run(gr__os_now())) continue;
        if (m->spinning || 2 * GR__LOAD(&gr__s.spinning) <
                               GR__LOAD(&gr__s.procs) - GR__LOAD(&gr__s.idle_p_count)) {
            if (!m->spinning) {
                m->spinning = true;
                GR__ADD(&gr__s.spinning, 1);
            }
            g = search(p);
            if (g) return g;
        }
        if (give_up_p(m, p)) m_stop(m);
    }
}

/* The goroutine that ran here has come back to the scheduler. */
static void came_back(gr__m *m) {
    gr__g *g = m->current;
    m->current = NULL;
    switch (m->action) {
    case GR__PARK:
        if (m->drop) m->drop(m->drop_argument);
        break;
    case GR__YIELD:
        if (m->p) gr__queue_put(m->p, g, false);
        else gr__queue_put_global(g);
        gr__wake_p();
        break;
    case GR__EXIT:
        if (!g->head.main) gr__g_recycle(m->p, g);
        break;
    }
}

void gr__m_run(gr__m *m) {
    for (;;) {
        if (m->current) came_back(m);
        gr__g *g = find(m);
        if (m->spinning) {
            m->spinning = false;
            if (GR__ADD(&gr__s.spinning, -1) == 0) gr__wake_p();
        }
        m->current = g;
        GR__STORE_RELEASE(&g->head.state, GR__STATE_RUNNING);
        gr__g_set(g);
        gr__hook_switch(g);
        gr__switch(&m->sp, g->sp);
    }
}

/* --- what goroutines ask for --- */

static void leave(gr__g *g, enum gr__action action, void (*drop)(void *), void *argument) {
    gr__m *m = gr__m_self();
    int saved = gr__os_errno();
    m->action = action;
    m->drop = drop;
    m->drop_argument = argument;
    gr__hook_switch(NULL);
    gr__g_set(NULL);
    gr__switch(&g->sp, m->sp);
    gr__os_errno_set(saved);
}

static void park_foreign(gr__g *g, void (*drop)(void *), void *argument) {
    GR__STORE(&g->note, 0);
    gr__lock(&gr__s.lock);
    gr__s.foreign_parked++;
    gr__check_dead();
    gr__unlock(&gr__s.lock);
    if (drop) drop(argument);
    while (!GR__LOAD(&g->note)) gr__os_wait(&g->note, 0, 0);
    GR__STORE(&g->head.state, GR__STATE_RUNNING);
}

void gr__park_dropping(gr__g *g, void (*drop)(void *), void *argument, unsigned reason,
                       const void *object, uintptr_t pc) {
    gr__g_head *h = &g->head;
    h->wait = reason;
    h->wait_object = object;
    h->wait_pc = pc;
    h->wait_since_ns = gr__os_now_coarse();
    gr__hook_block(g, reason, object, pc);
    GR__STORE_RELEASE(&h->state, GR__STATE_WAITING);
    if (h->foreign) park_foreign(g, drop, argument);
    else leave(g, GR__PARK, drop, argument);
    h->wait = GR__WAIT_NONE;
    gr__hook_unblock(g);
}

static void drop_lock(void *lock) { gr__unlock(lock); }

void gr__park(gr__g *g, uint32_t *lock, unsigned reason, const void *object, uintptr_t pc) {
    gr__park_dropping(g, lock ? drop_lock : NULL, lock, reason, object, pc);
}

void gr__ready(gr__g *g) {
    if (g->head.foreign) {
        gr__lock(&gr__s.lock);
        gr__s.foreign_parked--;
        gr__unlock(&gr__s.lock);
        GR__STORE(&g->note, 1);
        gr__os_wake(&g->note, 1);
        return;
    }
    GR__STORE_RELEASE(&g->head.state, GR__STATE_RUNNABLE);
    gr__m *m = gr__m_self();
    if (m && m->p) gr__queue_put(m->p, g, true);
    else gr__queue_put_global(g);
    gr__wake_p();
}

void gr__park_forever(gr__g *g, unsigned reason, uintptr_t pc) {
    for (;;) gr__park(g, NULL, reason, NULL, pc);
}

static void yield(gr__g *g) {
    if (g->head.foreign) {
        gr__os_wait(&g->note, GR__LOAD(&g->note), 1);   /* long past: gives up the processor */
        return;
    }
    GR__STORE_RELEASE(&g->head.state, GR__STATE_RUNNABLE);
    leave(g, GR__YIELD, NULL, NULL);
}

void gr_gosched(void) { yield(gr__self()); }

void gr__fruitless(gr__g *g) {
    if (++g->fruitless % 64 == 0) yield(g);
}

void gr_goexit(void) {
    gr__g *g = gr__self();
    if (g->head.foreign) gr__fatal("gr_goexit on a thread that is not a goroutine");
    if (g->head.main) {
        GR__STORE(&gr__s.main_gone, true);
        GR__STORE(&g->head.state, 0);
        gr__g_count(-1);
    } else {
        gr__hook_goexit(g);
    }
    leave(g, GR__EXIT, NULL, NULL);
    __builtin_unreachable();
}

/* Who starts many lets them run in between: those that end leave warm stacks for the next. */
static void start(gr__g *g) {
    gr__g_start(g);
    gr__m *m = gr__m_self();
    if (m && m->p && gr__queue_length(m->p) >= CROWD) yield(m->current);
}

void gr__go_words(void (*fn)(void), const uintptr_t *words, int count) {
    start(gr__g_new(fn, words, count, GR__CALLER_PC));
}

void gr_go(void (*fn)(void *), void *arg) {
    uintptr_t word = (uintptr_t)arg;
    start(gr__g_new((void (*)(void))fn, &word, 1, GR__CALLER_PC));
}

void gr_blocking_begin(void) {
    gr__g *g = gr__self();
    gr__m *m = gr__m_self();
    if (g->blocking++ || g->head.foreign || !m->p) return;
    gr__p *p = m->p;
    gr__lock(&gr__s.lock);
    m->p = NULL;
    if (p->id < gr__s.procs && (gr__s.length || !gr__queue_empty(p) || gr__alarms_next()))
        m_start(p, false);
    else
        p_put_idle(p);
    gr__unlock(&gr__s.lock);
}

void gr_blocking_end(void) {
    gr__g *g = gr__self();
    gr__m *m = gr__m_self();
    if (g->blocking == 0 || --g->blocking || g->head.foreign || m->p) return;
    gr__lock(&gr__s.lock);
    m->p = p_take_idle();
    gr__unlock(&gr__s.lock);
    if (!m->p) yield(g);
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
