/* blocking.c - calls that block the thread: the goroutine keeps its thread and gives its P away. */
#include "runtime/sched/internal.h"

#include "runtime/net/net.h"
#include "runtime/time/time.h"

/* Is there something to do for a thread with p? s held. */
static bool wants_thread(gr__p *p) {
    return p->id < gr__s.procs && (p->next || !gr__queue_empty(p) || gr__s.length ||
                                   gr__alarms_next() || gr__net_active());
}

void gr_blocking_begin(void) {
    gr__g *g = gr__self();
    gr__m *m = g->m;
    if (g->blocking++ || !m) return;
    gr__m_busy(m);
    gr__lock(&gr__s.lock);
    gr__p *p = GR__LOAD_RELAXED(&m->p);
    GR__STORE(&m->p, NULL);
    gr__s.ms_blocking++;
    bool started = p && wants_thread(p);
    if (started) gr__m_start(p, false);
    else if (p) gr__p_put_idle(p);
    bool left = gr__s.length != 0;  /* p may have been retired, with goroutines in it */
    gr__unlock(&gr__s.lock);
    gr__m_done(m, 0);
    /* An alarm that was set just now found nobody idle. */
    if (left || (p && !started && (gr__alarms_next() || gr__net_active()))) gr__wake_p();
}

void gr_blocking_end(void) {
    gr__g *g = gr__self();
    gr__m *m = g->m;
    if (g->blocking == 0 || --g->blocking || !m) return;
    gr__m_busy(m);
    gr__lock(&gr__s.lock);
    gr__s.ms_blocking--;
    gr__p *p = GR__LOAD_RELAXED(&m->p);
    if (!p) GR__STORE(&m->p, p = gr__p_take_idle(m));
    gr__unlock(&gr__s.lock);
    gr__m_done(m, 0);
    if (!p) gr__preempted(g);
}
