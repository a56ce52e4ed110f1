/* select.c - one of several channel operations. Source: Go src/runtime/select.go: lock all channels
 * in the order of their addresses; take a ready case in random order; else wait on all, and leave
 * the queues of the others once woken. */
#include "runtime/chan/chan.h"

enum { FEW = 8 };

/* Numbers of the cases with a channel, as many as `count`. */
typedef struct plan {
    int *poll;             /* in random order */
    int *locks;            /* in the order of addresses */
    int count;
} plan;

static void make_plan(plan *p, const gr_case *cases, int n) {
    p->count = 0;
    for (int i = 0; i < n; i++) {
        if (!cases[i].chan) continue;
        int k = p->count++, j = (int)gr__choose((uint32_t)k + 1);
        p->poll[k] = p->poll[j];
        p->poll[j] = i;
        for (; k > 0 && cases[p->locks[k - 1]].chan > cases[i].chan; k--) p->locks[k] = p->locks[k - 1];
        p->locks[k] = i;
    }
}

static void lock_all(const plan *p, const gr_case *cases) {
    const gr_chan *last = NULL;
    for (int i = 0; i < p->count; i++) {
        gr_chan *c = cases[p->locks[i]].chan;
        if (c != last) gr__lock(&c->lock);
        last = c;
    }
}

/* All but `keep`, which somebody else drops or has dropped. */
static void unlock_all(const plan *p, const gr_case *cases, const gr_chan *keep) {
    for (int i = p->count; i-- > 0;) {
        gr_chan *c = cases[p->locks[i]].chan;
        if (i > 0 && cases[p->locks[i - 1]].chan == c) continue;
        if (c != keep) gr__unlock(&c->lock);
    }
}

static bool ready(const gr_case *k) {
    const gr_chan *c = k->chan;
    if (k->dir == GR_SEND)
        return c->closed || c->length < c->capacity || gr__waiters_live(&c->receivers);
    return c->length || c->closed || gr__waiters_live(&c->senders);
}

/* Do case i: all channels are locked. NOT_NOW: its partner went with another select. */
static enum gr__outcome perform(gr__g *g, const plan *p, gr_case *cases, int i, uintptr_t pc) {
    gr_case *k = &cases[i];
    enum gr__outcome outcome;
    unlock_all(p, cases, k->chan);
    if (k->dir == GR_SEND) {
        outcome = gr__chan_try_send(g, k->chan, k->elem, pc);
    } else {
        outcome = gr__chan_try_recv(g, k->chan, k->elem, pc);
        k->ok = outcome == GR__DONE;
    }
    if (outcome == GR__NOT_NOW) gr__unlock(&k->chan->lock);
    return outcome;
}

typedef struct held { const plan *plan; const gr_case *cases; } held;

/* Runs on the scheduler's stack, while `argument`, in the parked frame, may go at any moment after
 * the last lock: a partner that has won cannot pass lock_all of that frame before. */
static void drop_all(void *argument) {
    const held *h = argument;
    unlock_all(h->plan, h->cases, NULL);
}

/* Wait on all. Returns the case that was chosen for us, with *success. */
static int wait_on_all(gr__g *g, const plan *p, gr_case *cases, int n, gr__waiter *waiters,
                       bool *success, uintptr_t pc) {
    for (int i = 0; i < p->count; i++) {
        gr_case *k = &cases[p->locks[i]];
        gr__waiter *w = &waiters[i];
        *w = (gr__waiter){.g = g, .elem = k->elem, .select = true};
        gr__waiters_add(k->dir == GR_SEND ? &k->chan->senders : &k->chan->receivers, w);
    }
    GR__STORE(&g->select_done, 0);
    g->waker = NULL;
    g->head.cases = cases;
    g->head.case_count = n;
    held h = {p, cases};
    gr__park_dropping(g, drop_all, &h, GR__WAIT_SELECT, cases[p->locks[0]].chan, pc);
    g->head.cases = NULL;
    g->head.case_count = 0;
    gr__waiter *won = g->waker;
    *success = won->success;
    lock_all(p, cases);
    int chosen = -1;
    for (int i = 0; i < p->count; i++) {
        gr_case *k = &cases[p->locks[i]];
        if (&waiters[i] == won) chosen = p->locks[i];
        else gr__waiters_remove(k->dir == GR_SEND ? &k->chan->senders : &k->chan->receivers, &waiters[i]);
    }
    unlock_all(p, cases, NULL);
    return chosen;
}

static int select_on(gr__g *g, gr_case *cases, int n, plan *p, gr__waiter *waiters, bool wait,
                     uintptr_t pc) {
    make_plan(p, cases, n);
    if (!p->count) {
        if (!wait) return -1;
        g->head.cases = cases;
        g->head.case_count = n;
        gr__park_forever(g, n ? GR__WAIT_SELECT_NIL : GR__WAIT_SELECT_NO_CASES, pc);
    }
    for (;;) {
        int i = -1;
        lock_all(p, cases);
        for (int k = 0; k < p->count && i < 0; k++)
            if (ready(&cases[p->poll[k]])) i = p->poll[k];
        if (i >= 0) {
            enum gr__outcome outcome = perform(g, p, cases, i, pc);
            if (outcome == GR__NOT_NOW) continue;
            gr__hook_select_done(g, i, outcome == GR__ENDED, pc);
            if (outcome == GR__DONE) {
                gr__hook_progress(g);
                gr__fruitful(g);
            } else {
                gr__fruitless(g);
            }
            return i;
        }
        if (!wait) {
            unlock_all(p, cases, NULL);
            return -1;
        }
        bool success;
        i = wait_on_all(g, p, cases, n, waiters, &success, pc);
        gr_case *c = &cases[i];
        if (c->dir == GR_SEND) {
            if (!success) {
                g->head.wait_pc = pc;
                gr__panic("send on closed channel");
            }
        } else {
            c->ok = success;
            if (c->elem) gr__hook_write(c->elem, c->chan->size, pc);
            if (c->elem && !success) gr__zero(c->elem, c->chan->size);
        }
        gr__hook_select_done(g, i, !success, pc);
        if (success) {
            gr__hook_progress(g);
            gr__fruitful(g);
        }
        return i;
    }
}

static int select_any(gr_case *cases, int n, bool wait, uintptr_t pc) {
    gr__g *g = gr__self();
    for (int i = 0; i < n; i++) {
        gr_case *k = &cases[i];
        if (!k->chan) continue;
        if (gr__chan_misused(k->chan, pc)) return i;
        if (k->dir != GR_SEND) continue;
        gr__hook_read(k->elem, k->chan->size, pc);
        gr__hook_chan_send(k->chan, pc);
    }
    int chosen;
    if (n <= FEW) {
        int poll[FEW], locks[FEW];
        gr__waiter waiters[FEW];
        plan p = {poll, locks, 0};
        chosen = select_on(g, cases, n, &p, waiters, wait, pc);
    } else {
        size_t each = sizeof(gr__waiter) + 2 * sizeof(int);
        gr__waiter *waiters = gr__alloc((size_t)n * each);
        if (!waiters) gr__fatal("out of memory: no room for a select");
        int *numbers = (int *)(void *)(waiters + n);
        plan p = {numbers, numbers + n, 0};
        chosen = select_on(g, cases, n, &p, waiters, wait, pc);
        gr__free(waiters, (size_t)n * each);
    }
    if (chosen < 0) gr__fruitless(g);
    return chosen;
}

int gr_select(gr_case *cases, int n) { return select_any(cases, n, true, GR__CALLER_PC); }
int gr_select_default(gr_case *cases, int n) { return select_any(cases, n, false, GR__CALLER_PC); }
