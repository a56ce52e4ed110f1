/* select.c - one of several channel operations. Source: Go src/runtime/select.go.
 *
 * First the cases are tried one by one in random order, each under the lock of its own channel, if it
 * looks ready. Where none is, all channels are locked in the order of their addresses and looked at
 * again: "none is ready" must be true at one moment. Then the goroutine waits on all, and leaves the
 * queues of the others once woken. */
#include "runtime/chan/chan.h"

enum { FEW = 8 };

/* Numbers of the cases with a channel, as many as `count`. */
typedef struct plan {
    int *poll;             /* in random order */
    int *locks;            /* in the order of addresses */
    int count;
} plan;

static void make_poll_order(plan *p, const gr_case *cases, int n) {
    /* bits of one random number that are enough for the k-th case; beyond, one each */
    static const unsigned char enough[] = {0, 1, 20, 2};
    uint32_t random = 0;
    p->count = 0;
    for (int i = 0; i < n; i++) {
        if (!cases[i].chan) continue;
        uint32_t k = (uint32_t)p->count++, j = 0;
        if (k == 1) random = gr__choose(UINT32_MAX);
        if (k >= sizeof enough) {
            j = gr__choose(k + 1);
        } else if (k > 0) {
            unsigned bits = enough[k];
            j = (random & ((1u << bits) - 1)) * (k + 1) >> bits;
            random >>= bits;
        }
        p->poll[k] = p->poll[j];
        p->poll[j] = i;
    }
}

static void make_lock_order(const plan *p, const gr_case *cases) {
    for (int i = 0; i < p->count; i++) {
        int k = i;
        gr_chan *c = cases[p->poll[i]].chan;
        for (; k > 0 && cases[p->locks[k - 1]].chan > c; k--) p->locks[k] = p->locks[k - 1];
        p->locks[k] = p->poll[i];
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

/* Without the lock; a waiter may turn out to be gone. */
static inline bool looks_ready(const gr_case *k) {
    const gr_chan *c = k->chan;
    if (gr__chan_closed(c)) return true;
    uint64_t length = GR__LOAD_RELAXED(&c->length);
    if (k->dir == GR_SEND) return length < c->capacity || GR__LOAD_RELAXED(&c->receivers.first);
    return length || GR__LOAD_RELAXED(&c->senders.first);
}

/* Its channel is locked; dropped unless NOT_NOW. */
static inline enum gr__outcome try_case(gr_case *k, uintptr_t pc) {
    if (k->dir == GR_SEND) return gr__chan_try_send(k->chan, k->elem);
    enum gr__outcome outcome = gr__chan_try_recv(k->chan, k->elem, pc);
    k->ok = outcome == GR__DONE;
    return outcome;
}

/* The case that was taken, or -1. */
static int try_each(const plan *p, gr_case *cases, enum gr__outcome *outcome, uintptr_t pc) {
    for (int i = 0; i < p->count; i++) {
        gr_case *k = &cases[p->poll[i]];
        if (!looks_ready(k)) continue;
        gr__lock(&k->chan->lock);
        *outcome = try_case(k, pc);
        if (*outcome != GR__NOT_NOW) return p->poll[i];
        gr__unlock(&k->chan->lock);
    }
    return -1;
}

/* All are locked; they are dropped when a case was taken. */
static int try_all(const plan *p, gr_case *cases, enum gr__outcome *outcome, uintptr_t pc) {
    for (int i = 0; i < p->count; i++) {
        gr_case *k = &cases[p->poll[i]];
        if (!looks_ready(k)) continue;
        gr_chan *c = k->chan;
        *outcome = try_case(k, pc);
        if (*outcome == GR__NOT_NOW) continue;
        unlock_all(p, cases, c);
        return p->poll[i];
    }
    return -1;
}

typedef struct held { const plan *plan; const gr_case *cases; } held;

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
        w->g = g;
        w->elem = k->elem;
        w->select = true;
        w->success = false;
        gr__waiters_add(k->dir == GR_SEND ? &k->chan->senders : &k->chan->receivers, w);
    }
    GR__STORE_RELAXED(&g->select_done, 0);
    g->waker = NULL;
    g->head.cases = cases;
    g->head.case_count = n;
    held h = {p, cases};
    gr__park_dropping(g, drop_all, &h, GR__WAIT_SELECT, cases[p->locks[0]].chan, pc);
    g->head.cases = NULL;
    g->head.case_count = 0;
    gr__waiter *won = g->waker;
    *success = won->success;
    int chosen = -1;
    for (int i = 0; i < p->count; i++) {
        gr_case *k = &cases[p->locks[i]];
        if (&waiters[i] == won) {
            chosen = p->locks[i];
            continue;
        }
        gr__lock(&k->chan->lock);
        gr__waiters_remove(k->dir == GR_SEND ? &k->chan->senders : &k->chan->receivers, &waiters[i]);
        gr__unlock(&k->chan->lock);
    }
    return chosen;
}

/* Case i was taken without waiting. */
static int done(gr__g *g, const gr_case *k, int i, enum gr__outcome outcome, uintptr_t pc) {
    (void)k, (void)pc;
    if (outcome == GR__DONE) {
        gr__hook_progress(g);
        gr__safe_point(g);
    } else {
        gr__hook_recv_end(g, k->chan, i, k->elem && k->chan->size, pc);
        gr__fruitless(g);
    }
    return i;
}

static int select_on(gr__g *g, gr_case *cases, int n, plan *p, gr__waiter *waiters, bool wait,
                     uintptr_t pc) {
    make_poll_order(p, cases, n);
    if (!p->count) {
        if (!wait) return -1;
        g->head.cases = cases;
        g->head.case_count = n;
        gr__park_forever(g, n ? GR__WAIT_SELECT_NIL : GR__WAIT_SELECT_NO_CASES, pc);
    }
    enum gr__outcome outcome;
    int i = try_each(p, cases, &outcome, pc);
    if (i >= 0) return done(g, &cases[i], i, outcome, pc);
    if (!wait && p->count == 1) return -1;
    make_lock_order(p, cases);
    lock_all(p, cases);
    i = try_all(p, cases, &outcome, pc);
    if (i >= 0) return done(g, &cases[i], i, outcome, pc);
    if (!wait) {
        unlock_all(p, cases, NULL);
        return -1;
    }
    bool success;
    i = wait_on_all(g, p, cases, n, waiters, &success, pc);
    gr_case *c = &cases[i];
    if (c->dir == GR_SEND) {
        if (!success) gr__chan_sent_on_closed(c->chan);
    } else {
        c->ok = success;
        if (c->elem) gr__hook_write(c->elem, c->chan->size, pc);
        if (c->elem && !success) gr__zero(c->elem, c->chan->size);
    }
    if (success) gr__hook_progress(g);
    else gr__hook_recv_end(g, c->chan, i, c->elem && c->chan->size, pc);
    return i;
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
