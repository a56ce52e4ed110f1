/* cond.c - condition variable: first come, first signalled. Who waits has a node in its frame; the
 * node is the object of the edge from the signal to just this wait. */
#include "runtime/sync/sync.h"
#include "runtime/vocab/lock.h"

void gr_cond_init(gr_cond *c, gr_mutex *mutex) {
    c->mutex = mutex;
    c->gr__lock = c->gr__lost = 0;
    c->gr__head = c->gr__tail = NULL;
}

void gr_cond_wait(gr_cond *c) {
    uintptr_t pc = GR__CALLER_PC;
    gr__sleeper me = {.g = gr__self()};
    gr__hook_object_new(&me, sizeof me);
    gr__lock(&c->gr__lock);
    gr__sleepers_add(&c->gr__head, &c->gr__tail, &me, false);
    gr__unlock(&c->gr__lock);
    gr__hook_cond_wait(c->mutex, pc);
    gr__hook_monitor(c->mutex);
    gr__hook_unlock(c->mutex, GR__LOCK_MUTEX, pc);
    gr__mutex_give(me.g, c->mutex);
    gr__lock(&c->gr__lock);
    if (me.woken) {
        gr__unlock(&c->gr__lock);
    } else {
        me.parked = true;
        gr__park(me.g, &c->gr__lock, GR__WAIT_COND_WAIT, c, pc);
    }
    gr__hook_acquire(&me);
    gr__mutex_lock_for(c->mutex, GR__WAIT_MUTEX_LOCK, c->mutex, pc);
    gr__hook_locked(c->mutex, GR__LOCK_MUTEX, false, false, pc);
}

/* The first in the queue is signalled; NULL: nobody waits. The lock is held. */
static gr__sleeper *take(gr_cond *c) {
    gr__sleeper *s = gr__sleepers_take(&c->gr__head, &c->gr__tail);
    if (!s) return NULL;
    gr__hook_release(s);
    s->woken = true;
    if (s->parked) gr__released(s->g);
    return s;
}

/* Nobody waited for a signal: remembered, for who waits after it. The lock is held. */
static void lost(gr_cond *c, uintptr_t pc) {
    GR__STORE_RELAXED(&c->gr__lost, c->gr__lost + 1);
    gr__hook_signal_lost(c, pc);
    (void)pc;
}

void gr_cond_signal(gr_cond *c) {
    uintptr_t pc = GR__CALLER_PC;
    gr__self();
    gr__hook_monitor(c->mutex); /* who waits may come later, and need not wait any more */
    gr__lock(&c->gr__lock);
    gr__sleeper *s = take(c);
    if (!s) lost(c, pc);
    gr__g *g = s && s->parked ? s->g : NULL;    /* else it is gone once the lock is */
    gr__unlock(&c->gr__lock);
    if (g) gr__ready(g);
}

/* Those who wait now: who waits again meanwhile is not meant, and could keep us here for ever. */
void gr_cond_broadcast(gr_cond *c) {
    gr__g *parked = NULL, **last = &parked;
    uintptr_t pc = GR__CALLER_PC;
    gr__self();
    gr__hook_monitor(c->mutex);
    gr__lock(&c->gr__lock);
    if (!c->gr__head) lost(c, pc);
    for (gr__sleeper *s; (s = take(c));) {
        if (!s->parked) continue;
        s->g->link = NULL;
        *last = s->g;
        last = &s->g->link;
    }
    gr__unlock(&c->gr__lock);
    gr__ready_list(parked);
}
