/* chan.h - front door of the channel room.
 *
 * A channel: a lock, a ring of elements, two queues of waiters that live in their goroutines'
 * frames. Invariants (lock held): one of the queues is empty, but for a select that has the channel
 * in both; senders wait only when the ring is full, receivers only when it is empty.
 * Source: Go src/runtime/chan.go, select.go.
 */
#ifndef GR_RUNTIME_CHAN_H
#define GR_RUNTIME_CHAN_H

#include "runtime/sched/sched.h"
#include "runtime/vocab/origin.h"

typedef struct gr__waiter {
    gr__g *g;
    struct gr__waiter *next, *previous;
    void *elem;                 /* where from, where to; NULL: nowhere */
    bool select;                /* others of its goroutine wait elsewhere */
    bool success;               /* woken by a partner, not by a close */
} gr__waiter;

typedef struct gr__waiters { gr__waiter *first, *last; } gr__waiters;

enum gr__chan_state { GR__CHAN_OPEN = 0x6f70656e, GR__CHAN_CLOSED = 0x636c6f73, GR__CHAN_FREED = 0x66726564 };

struct gr_chan {                /* what an unbuffered one needs is one line of the cache */
    uint32_t lock;
    uint32_t state;             /* lock to write, a to read: enum gr__chan_state */
    size_t size;                /* c: of an element */
    uint64_t length;            /* lock to write, a to read */
    uint64_t capacity;          /* c */
    gr__waiters receivers, senders; /* lock */
    uint64_t send_at, recv_at;  /* lock */
    size_t stride;              /* c: between elements, a multiple of 8 */
    uintptr_t made_pc;          /* c */
    struct gr_timer *timer;     /* c: of gr_after: goes with the channel */
    gr__deed closed;            /* lock to write, constant once it is closed: by whom; pc 0: by an alarm */
    uint32_t origin;            /* a: origin.def */
    char ring[] __attribute__((aligned(16)));
};

static inline bool gr__chan_closed(const gr_chan *c) {
    return GR__LOAD_RELAXED(&c->state) == GR__CHAN_CLOSED;
}

enum gr__outcome { GR__NOT_NOW, GR__DONE, GR__ENDED };  /* ENDED: received from a closed one */

static inline void gr__waiters_add(gr__waiters *q, gr__waiter *w) {
    w->next = NULL;
    w->previous = q->last;
    if (q->last) q->last->next = w;
    else GR__STORE_RELAXED(&q->first, w);
    q->last = w;
}
void gr__waiters_remove(gr__waiters *queue, gr__waiter *w);

/* With the lock held, which they drop unless it is NOT_NOW; pc: the user's. gr__chan_try_send
 * panics on a closed channel. */
enum gr__outcome gr__chan_try_send(gr_chan *c, const void *elem);
enum gr__outcome gr__chan_try_recv(gr_chan *c, void *elem, uintptr_t pc);

_Noreturn void gr__chan_sent_on_closed(const gr_chan *c);

/* True when the channel was freed: reported, and the operation must do nothing. */
bool gr__chan_report_freed(const gr_chan *c, uintptr_t pc);
static inline bool gr__chan_misused(const gr_chan *c, uintptr_t pc) {
    uint32_t state = GR__LOAD_RELAXED(&c->state);
    if (GR__LIKELY(state == GR__CHAN_OPEN || state == GR__CHAN_CLOSED)) return false;
    return gr__chan_report_freed(c, pc);
}

gr_chan *gr__chan_new(size_t size, int64_t capacity, uintptr_t pc);
/* Whose it is: origin.def. */
static inline void gr__chan_origin(gr_chan *c, uint32_t origin) { GR__STORE_RELAXED(&c->origin, origin); }
/* From an alarm: put the time into a channel of capacity 1, unless it is full. */
void gr__chan_fire(gr_chan *c, gr_duration now);
void gr__chan_close(gr_chan *c, uintptr_t pc);
/* From an alarm, without a goroutine: what was released to the channel happens before its end is seen.
 * Closed already: nothing. */
void gr__chan_close_from_alarm(gr_chan *c);
void gr__chan_free(gr_chan *c, uintptr_t pc);
/* Before arming: what the caller did happens before the receive. */
void gr__chan_armed(gr_chan *c);
/* Throw away what is in the ring. */
void gr__chan_drain(gr_chan *c);

#endif
