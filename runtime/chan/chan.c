/* chan.c - channels: make, send, receive, close. See chan.h for the invariants. Any goroutine. */
#include "runtime/chan/chan.h"

#include "runtime/vocab/past.h"

static inline char *slot(gr_chan *c, uint64_t i) { return c->ring + i * c->stride; }

void gr__waiters_remove(gr__waiters *q, gr__waiter *w) {
    if (w->previous) w->previous->next = w->next;
    else if (q->first == w) GR__STORE_RELAXED(&q->first, w->next);
    else return;                /* no longer in it */
    if (w->next) w->next->previous = w->previous;
    else q->last = w->previous;
    w->next = w->previous = NULL;
}

GR__NOINLINE static gr__waiter *take_of_many(gr__waiters *q) {
    gr__waiter *w;
    while ((w = q->first)) {
        gr__waiters_remove(q, w);
        uint32_t open = 0;
        if (w->select && !GR__CAS(&w->g->select_done, &open, 1)) continue;
        gr__released(w->g);
        return w;
    }
    return NULL;
}

/* The first whose goroutine is still to be had: a select may have been won elsewhere. */
static inline gr__waiter *take(gr__waiters *q) {
    gr__waiter *w = q->first;
    if (!w) return NULL;
    if (GR__UNLIKELY(w->select)) return take_of_many(q);
    GR__STORE_RELAXED(&q->first, w->next);
    if (w->next) w->next->previous = NULL;
    else q->last = NULL;
    gr__released(w->g);
    return w;
}

gr_chan *gr__chan_new(size_t size, int64_t capacity, uintptr_t pc) {
    gr__self();
    size_t stride = (size + 7) & ~(size_t)7, bytes;
    if (!stride) stride = 8;
    if (capacity < 0 || size > ((size_t)1 << 47) ||
        __builtin_mul_overflow(stride, (size_t)capacity, &bytes) || bytes > ((size_t)1 << 47))
        gr__panic("makechan: size out of range");
    /* an unbuffered one has a slot too: the address of its edges */
    if (!capacity) bytes = 8;
    gr_chan *c = gr__alloc(sizeof(gr_chan) + bytes);
    if (!c) gr__fatal("out of memory: no room for a channel");
    c->state = GR__CHAN_OPEN;
    c->size = size;
    c->stride = stride;
    c->capacity = (uint64_t)capacity;
    c->made_pc = pc;
    gr__hook_object_new(c, sizeof(gr_chan) + bytes);
    gr__hook_chan_made(c, pc);
    gr__hook_block_new(c, sizeof(gr_chan) + bytes);
    return c;
}

GR__NOINLINE void gr__chan_sent_on_closed(const gr_chan *c) {
    gr__panic_after("send on closed channel", GR__PAST_CLOSED, &c->closed);
}

gr_chan *gr_chan_make(size_t size, int64_t capacity) {
    return gr__chan_new(size, capacity, GR__CALLER_PC);
}

/* --- edges --- */

/* Both go through a slot of the ring, this one first. */
static inline void meet_in_slot(gr_chan *c, gr__g *other, uint64_t i) {
    gr__hook_release_acquire(slot(c, i));
    gr__hook_acquire_g(other, slot(c, i));
    gr__hook_release_g(other, slot(c, i));
    (void)c, (void)other, (void)i;
}

static inline void advance(const gr_chan *c, uint64_t *at) {
    if (++*at == c->capacity) *at = 0;
}

static inline void wake(gr__waiter *w) {
    gr__g *g = w->g;
    w->success = true;
    if (w->select) g->waker = w;
    gr__ready(g);
}

/* --- operations that do not wait; the lock is held --- */

static inline enum gr__outcome try_send(gr_chan *c, const void *elem) {
    if (GR__UNLIKELY(gr__chan_closed(c))) {
        gr__unlock(&c->lock);
        gr__chan_sent_on_closed(c);
    }
    gr__waiter *w = take(&c->receivers);
    if (w) {
        if (c->capacity) {
            meet_in_slot(c, w->g, c->recv_at);
            advance(c, &c->recv_at);
            c->send_at = c->recv_at;
        } else {
            gr__hook_meet(w->g, slot(c, 0));
        }
        if (w->elem) gr__copy(w->elem, elem, c->size);
        gr__unlock(&c->lock);
        wake(w);
        return GR__DONE;
    }
    if (c->length == c->capacity) return GR__NOT_NOW;
    gr__hook_release_acquire(slot(c, c->send_at));
    gr__copy(slot(c, c->send_at), elem, c->size);
    advance(c, &c->send_at);
    GR__STORE_RELAXED(&c->length, c->length + 1);
    gr__unlock(&c->lock);
    return GR__DONE;
}

static inline enum gr__outcome try_recv(gr_chan *c, void *elem, uintptr_t pc) {
    size_t size = c->size;
    if (GR__UNLIKELY(gr__chan_closed(c)) && !c->length) {
        gr__hook_acquire(c);
        gr__unlock(&c->lock);
        if (elem) {
            gr__hook_write(elem, size, pc);
            gr__zero(elem, size);
        }
        return GR__ENDED;
    }
    gr__waiter *w = take(&c->senders);
    if (!w && !c->length) return GR__NOT_NOW;
    if (!w) {
        gr__hook_release_acquire(slot(c, c->recv_at));
        if (elem) gr__copy(elem, slot(c, c->recv_at), c->size);
        advance(c, &c->recv_at);
        GR__STORE_RELAXED(&c->length, c->length - 1);
        gr__unlock(&c->lock);
    } else {
        if (c->capacity) {      /* full: take the oldest, the sender's goes to its place */
            meet_in_slot(c, w->g, c->recv_at);
            if (elem) gr__copy(elem, slot(c, c->recv_at), c->size);
            gr__copy(slot(c, c->recv_at), w->elem, c->size);
            advance(c, &c->recv_at);
            c->send_at = c->recv_at;
        } else {
            gr__hook_meet(w->g, slot(c, 0));
            if (elem) gr__copy(elem, w->elem, c->size);
        }
        gr__unlock(&c->lock);
        wake(w);
    }
    if (elem) gr__hook_write(elem, size, pc);
    return GR__DONE;
}

enum gr__outcome gr__chan_try_send(gr_chan *c, const void *elem) {
    return try_send(c, elem);
}
enum gr__outcome gr__chan_try_recv(gr_chan *c, void *elem, uintptr_t pc) {
    return try_recv(c, elem, pc);
}

/* --- operations that wait --- */

static inline void wait_in(gr__waiters *queue, gr__waiter *w, gr__g *g, void *elem) {
    w->g = g;
    w->elem = elem;
    w->select = w->success = false;
    gr__waiters_add(queue, w);
}

void gr_send(gr_chan *c, const void *elem) {
    uintptr_t pc = GR__CALLER_PC;
    gr__g *g = gr__self();
    if (!c) gr__park_forever(g, GR__WAIT_CHAN_SEND_NIL, pc);
    if (GR__UNLIKELY(gr__chan_misused(c, pc))) return;
    gr__hook_read(elem, c->size, pc);
    gr__hook_chan_send(c, pc);
    gr__lock(&c->lock);
    if (try_send(c, elem) == GR__NOT_NOW) {
        gr__waiter w;
        wait_in(&c->senders, &w, g, (void *)(uintptr_t)elem);
        gr__park(g, &c->lock, GR__WAIT_CHAN_SEND, c, pc);
        if (GR__UNLIKELY(!w.success)) gr__chan_sent_on_closed(c);
    }
    gr__hook_progress(g);
    gr__safe_point(g);
}

bool gr_recv(gr_chan *c, void *elem) {
    uintptr_t pc = GR__CALLER_PC;
    gr__g *g = gr__self();
    if (!c) gr__park_forever(g, GR__WAIT_CHAN_RECEIVE_NIL, pc);
    if (GR__UNLIKELY(gr__chan_misused(c, pc))) {
        if (elem) gr__zero(elem, c->size);
        return false;
    }
    size_t size = c->size;
    gr__lock(&c->lock);
    enum gr__outcome outcome = try_recv(c, elem, pc);
    if (outcome == GR__NOT_NOW) {
        gr__waiter w;
        wait_in(&c->receivers, &w, g, elem);
        gr__park(g, &c->lock, GR__WAIT_CHAN_RECEIVE, c, pc);
        outcome = w.success ? GR__DONE : GR__ENDED;
        if (elem) gr__hook_write(elem, size, pc);
        if (elem && !w.success) gr__zero(elem, size);
    }
    if (GR__UNLIKELY(outcome != GR__DONE)) {
        gr__hook_recv_end(g, c, -1, elem && size, pc);
        gr__fruitless(g);
        return false;
    }
    gr__hook_progress(g);
    gr__safe_point(g);
    return true;
}

bool gr_try_send(gr_chan *c, const void *elem) {
    uintptr_t pc = GR__CALLER_PC;
    gr__g *g = gr__self();
    if (!c || gr__chan_misused(c, pc)) return false;
    gr__hook_read(elem, c->size, pc);
    gr__hook_chan_send(c, pc);
    gr__lock(&c->lock);
    if (try_send(c, elem) == GR__NOT_NOW) {
        gr__unlock(&c->lock);
        gr__fruitless(g);
        return false;
    }
    gr__hook_progress(g);
    gr__safe_point(g);
    return true;
}

gr_recv_status gr_try_recv(gr_chan *c, void *elem) {
    uintptr_t pc = GR__CALLER_PC;
    gr__g *g = gr__self();
    if (!c || gr__chan_misused(c, pc)) return GR_EMPTY;
    gr__lock(&c->lock);
    switch (try_recv(c, elem, pc)) {
    case GR__DONE:
        gr__hook_progress(g);
        gr__safe_point(g);
        return GR_RECEIVED;
    case GR__ENDED:
        gr__hook_recv_end(g, c, -1, elem && c->size, pc);
        gr__fruitless(g);
        return GR_CLOSED;
    case GR__NOT_NOW:
        break;
    }
    gr__unlock(&c->lock);
    gr__fruitless(g);
    return GR_EMPTY;
}

/* Close it, drop its lock, wake all who wait. */
static void close_and_unlock(gr_chan *c) {
    gr__g *woken = NULL, **last = &woken;
    GR__STORE_RELAXED(&c->state, GR__CHAN_CLOSED);
    gr__waiter *w;
    while ((w = take(&c->receivers)) || (w = take(&c->senders))) {
        gr__hook_acquire_g(w->g, c);
        w->success = false;
        if (w->select) w->g->waker = w;
        *last = w->g;
        last = &w->g->link;
        w->g->link = NULL;
    }
    gr__unlock(&c->lock);
    gr__ready_list(woken);
}

void gr__chan_close(gr_chan *c, uintptr_t pc) {
    gr__g *g = gr__self();
    if (!c) gr__panic("close of nil channel");
    if (gr__chan_misused(c, pc)) return;
    gr__hook_chan_close(c, pc);
    gr__deed deed;
    gr__deed_set(&deed, g, pc);
    gr__lock(&c->lock);
    if (gr__chan_closed(c)) {
        gr__unlock(&c->lock);
        gr__panic_after("close of closed channel", GR__PAST_CLOSED, &c->closed);
    }
    c->closed = deed;
    gr__hook_release(c);
    close_and_unlock(c);
}

void gr_close(gr_chan *c) { gr__chan_close(c, GR__CALLER_PC); }

int gr_len(const gr_chan *c) { return c ? (int)GR__LOAD_RELAXED(&c->length) : 0; }
int gr_cap(const gr_chan *c) { return c ? (int)c->capacity : 0; }

void gr__channel_look(const void *channel, gr__channel_view *out) {
    const gr_chan *c = channel;
    out->length = GR__LOAD_RELAXED(&c->length);
    out->capacity = c->capacity;
    out->closed = gr__chan_closed(c);
    out->origin = GR__LOAD_RELAXED(&c->origin);
    out->made_pc = c->made_pc;
    out->closed_by = c->closed;
}

/* --- for alarms --- */

void gr__chan_armed(gr_chan *c) {
    gr__hook_release(slot(c, 0));
    (void)c;
}

void gr__chan_fire(gr_chan *c, gr_duration now) {
    gr__lock(&c->lock);
    if (c->origin == GR__ORIGIN_TIMER) gr__chan_origin(c, GR__ORIGIN_TIMER_FIRED);
    else if (c->origin == GR__ORIGIN_AFTER) gr__chan_origin(c, GR__ORIGIN_AFTER_FIRED);
    gr__waiter *w = take(&c->receivers);
    if (w) {
        gr__hook_acquire_g(w->g, slot(c, 0));
        if (w->elem) gr__copy(w->elem, &now, sizeof now);
        gr__unlock(&c->lock);
        wake(w);
        return;
    }
    if (!c->length) {
        gr__copy(slot(c, 0), &now, sizeof now);
        GR__STORE_RELAXED(&c->length, 1);
    }
    gr__unlock(&c->lock);
}

void gr__chan_close_from_alarm(gr_chan *c) {
    gr__lock(&c->lock);
    if (gr__chan_closed(c)) gr__unlock(&c->lock);
    else close_and_unlock(c);
}

void gr__chan_drain(gr_chan *c) {
    gr__lock(&c->lock);
    GR__STORE_RELAXED(&c->length, 0);
    c->recv_at = c->send_at;
    gr__unlock(&c->lock);
}
