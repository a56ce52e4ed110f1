/* proc.c - Ps, the threads that hold them, and how those sleep and are woken.
 *
 * No wake-up is lost: who makes a goroutine runnable puts it into a queue and then looks whether
 * some P is idle and no M searches; who goes to sleep makes its P idle, stops searching and then
 * looks into all queues again. Source: Go src/runtime/proc.go. */
#include "runtime/sched/internal.h"

#include "runtime/net/net.h"
#include "runtime/os/os.h"
#include "runtime/time/time.h"

enum { M_STACK = 256 * 1024 };

gr__sched gr__s;

/* --- Ps --- */

void gr__p_put_idle(gr__p *p) {
    GR__STORE_RELAXED(&p->m, NULL);
    for (gr__g *g; (g = gr__queue_get(p));) gr__queue_put_global_locked(g, g, 1);
    if (p->id >= GR__LOAD_RELAXED(&gr__s.procs)) {
        p->retired = true;
        return;
    }
    p->idle_link = gr__s.idle_ps;
    gr__s.idle_ps = p;
    GR__STORE(&gr__s.idle_p_count, gr__s.idle_p_count + 1);
}

gr__p *gr__p_take_idle(gr__m *m) {
    gr__p *p = gr__s.idle_ps;
    if (!p) return NULL;
    gr__s.idle_ps = p->idle_link;
    GR__STORE(&gr__s.idle_p_count, gr__s.idle_p_count - 1);
    GR__STORE_RELAXED(&p->m, m);
    gr__monitor_wake();
    return p;
}

GR__NOINLINE gr__p *gr__p_again(gr__m *m) {
    gr__lock(&gr__s.lock);
    gr__p *p = GR__LOAD_RELAXED(&m->p);
    gr__unlock(&gr__s.lock);
    return p;
}

void gr__procs_set(uint32_t n) {
    while (gr__s.procs_made < n) {
        gr__p *p = gr__pages((sizeof(gr__p) + GR__PAGE - 1) & ~(GR__PAGE - 1));
        if (!p) break;
        p->id = gr__s.procs_made;
        p->retired = true;
        p->crowd = GR__CROWD_USUAL;
        GR__STORE(&gr__s.ps[p->id], p);
        GR__STORE(&gr__s.procs_made, p->id + 1);
    }
    GR__STORE(&gr__s.procs, n < gr__s.procs_made ? n : gr__s.procs_made);
    gr__p *idle = gr__s.idle_ps;
    gr__s.idle_ps = NULL;
    GR__STORE(&gr__s.idle_p_count, 0);
    while (idle) {
        gr__p *p = idle;
        idle = p->idle_link;
        gr__p_put_idle(p);
    }
    for (uint32_t i = gr__s.procs; i-- > 0;) {
        if (!gr__s.ps[i]->retired) continue;
        gr__s.ps[i]->retired = false;
        gr__p_put_idle(gr__s.ps[i]);
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

uint32_t gr__sched_place(void) {
    gr__m *m = gr__m_self();
    gr__p *p = m ? GR__LOAD_RELAXED(&m->p) : NULL;
    return p ? p->id : 0;
}

/* --- Ms --- */

static void *m_main(void *argument) {
    gr__m *m = argument;
    uintptr_t low, high;
    gr__os_stack(&low, &high);
    gr__fiber_here(&m->fiber, low, high);
    gr__thread_set(m, NULL);
    gr__stack_overflow_thread();
    gr__m_run(m);
    return NULL;
}

/* m's note says why. */
static void wake_m(gr__m *m) {
    gr__os_wake(&m->note, 1);
    if (GR__LOAD(&m->polling)) gr__net_interrupt();
}

/* A new thread blocks the signals that its maker blocks; but the monitor blocks all. s held. */
static bool new_thread(gr__m *m) {
    bool by_monitor = gr__os_tid() == GR__LOAD(&gr__s.monitor);
    if (by_monitor) gr__os_signals_set(gr__s.signals);
    else gr__s.signals = gr__os_signals();
    bool done = gr__os_thread(m_main, m, M_STACK);
    if (by_monitor) gr__os_signals_block();
    return done;
}

void gr__m_start(gr__p *p, bool spinning) {
    gr__m *m = gr__s.idle_ms;
    if (m) {
        gr__s.idle_ms = m->idle_link;
        gr__s.ms_idle--;
        m->idle = false;
        GR__STORE_RELAXED(&p->m, m);
        GR__STORE(&m->p, p);
        m->spinning = spinning;
        GR__STORE(&m->note, 1);
        wake_m(m);
        return;
    }
    m = gr__alloc(sizeof(gr__m));
    if (m) {
        GR__STORE_RELAXED(&p->m, m);
        m->p = p;
        m->busy = 1;
        m->spinning = spinning;
        gr__s.ms++;
        if (new_thread(m)) return;
        gr__s.ms--;
        gr__free(m, sizeof(gr__m));
    }
    /* No thread to be had: those that run must do, if there are such. */
    if (spinning) GR__ADD(&gr__s.spinning, -1);
    gr__p_put_idle(p);
    if (gr__s.ms - gr__s.ms_idle > gr__s.ms_blocking) return;
    gr__unlock(&gr__s.lock);
    gr__fatal("runtime: failed to create new OS thread");
}

void gr__wake_p(void) {
    if (!GR__LOAD(&gr__s.idle_p_count) || GR__LOAD(&gr__s.spinning)) return;
    uint32_t none = 0;
    if (!GR__CAS(&gr__s.spinning, &none, 1)) return;
    gr__lock(&gr__s.lock);
    gr__p *p = gr__p_take_idle(NULL);
    if (p) gr__m_start(p, true);
    else GR__ADD(&gr__s.spinning, -1);
    gr__unlock(&gr__s.lock);
}

void gr__sched_alarm(uint64_t when) {
    gr__m *w = GR__LOAD(&gr__s.watcher);
    if (!w) {
        gr__wake_p();
    } else if (when < GR__LOAD(&gr__s.watcher_until)) {
        uint32_t sleeping = 0;
        if (GR__CAS(&w->note, &sleeping, 2)) wake_m(w);
    }
}

void gr__sched_io(void) {
    gr__m *w = GR__LOAD(&gr__s.watcher);
    uint32_t sleeping = 0;
    if (!w) gr__wake_p();
    else if (!GR__LOAD(&w->polling) && GR__CAS(&w->note, &sleeping, 2)) wake_m(w);
}

static void leave_idle_list(gr__m *m) {
    gr__m **at = &gr__s.idle_ms;
    while (*at != m) at = &(*at)->idle_link;
    *at = m->idle_link;
    m->idle = false;
    gr__s.ms_idle--;
}

/* There is something to do for the watcher: stop being idle, with a P if there is one. False: somebody
 * else has just woken this M. */
static bool watcher_rises(gr__m *m) {
    gr__lock(&gr__s.lock);
    bool mine = m->idle;
    if (mine) {
        leave_idle_list(m);
        GR__STORE(&m->p, gr__p_take_idle(m));
    }
    gr__unlock(&gr__s.lock);
    return mine;
}

/* The watcher sleeps: for descriptors too, if anybody waits for one. True: some are ready. */
static bool watcher_sleeps(gr__m *m, uint64_t until) {
    if (!gr__net_active()) {
        if (until == UINT64_MAX) return false;
        gr__hook_rest_begin();
        gr__os_wait(&m->note, 0, until);
        gr__hook_rest_end();
        return false;           /* else: nobody waits any more */
    }
    GR__STORE(&m->polling, true);
    bool any = !GR__LOAD(&m->note) && gr__net_poll(until);
    GR__STORE(&m->polling, false);
    return any;
}

/* Sleep as the watcher. True: an alarm has gone off, or a descriptor was ready. */
static bool watch(gr__m *m, bool *suspect) {
    uint64_t next = gr__alarms_next(), now = gr__os_now();
    uint64_t until = next ? next : UINT64_MAX;
    if (*suspect && until > now + GR__SUSPECT_NS) until = now + GR__SUSPECT_NS;
    GR__STORE(&gr__s.watcher_until, until);
    uint64_t again = gr__alarms_next();
    if (again && again < until) return false;
    bool any = watcher_sleeps(m, until);
    uint32_t look = 2;
    GR__CAS(&m->note, &look, 0);
    if (GR__LOAD(&m->note)) return false;
    if (any) return true;
    next = gr__alarms_next();
    /* What this M waited for may be over without anybody having run: another thread has stopped an alarm, say. */
    if (*suspect || (!next && !gr__net_active())) {
        gr__lock(&gr__s.lock);
        *suspect = gr__check_dead();
        gr__unlock(&gr__s.lock);
    }
    return next && gr__os_now() >= next;
}

void gr__m_stop(gr__m *m) {
    gr__lock(&gr__s.lock);
    GR__STORE(&m->note, 0);
    m->idle = true;
    m->idle_link = gr__s.idle_ms;
    gr__s.idle_ms = m;
    gr__s.ms_idle++;
    bool suspect = gr__check_dead(), due = false;
    gr__unlock(&gr__s.lock);
    while (GR__LOAD(&m->note) != 1) {
        gr__m *watcher = GR__LOAD(&gr__s.watcher), *none = NULL;
        /* what it waited for last may be over: any alarm is earlier than none */
        if (watcher == m) GR__STORE(&gr__s.watcher_until, UINT64_MAX);
        if ((gr__alarms_next() || suspect || gr__net_active()) &&
            (watcher == m || GR__CAS(&gr__s.watcher, &none, m))) {
            due = watch(m, &suspect) && watcher_rises(m);
            if (due) break;
        } else if (watcher == m) {
            /* nothing to watch any more: who sets an alarm from now on must not count on this one */
            GR__STORE(&gr__s.watcher, NULL);
        } else {
            uint32_t look = 2;
            if (GR__CAS(&m->note, &look, 0)) continue;
            gr__hook_rest_begin();
            gr__os_wait(&m->note, 0, 0);
            gr__hook_rest_end();
        }
    }
    gr__m *self = m;
    bool was_watcher = GR__CAS(&gr__s.watcher, &self, (gr__m *)NULL);
    if (due) gr__alarms_run(gr__os_now());
    if (was_watcher && !m->spinning && (gr__alarms_next() || gr__net_active())) gr__wake_p();
}
