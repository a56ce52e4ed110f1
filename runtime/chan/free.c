/* free.c - the end of a channel, and its use after that.
 *
 * Freed channels stay in quarantine for a while, so that a late user meets the mark and not
 * somebody else's channel. The quarantine has a lock. */
#include "runtime/chan/chan.h"

#include "runtime/time/time.h"
#include "runtime/vocab/finding.h"
#include "runtime/vocab/past.h"

enum { QUARANTINE = 256 };

static uint32_t lock;
static struct { gr_chan *channel; gr__deed freed; } kept[QUARANTINE]; /* lock: a ring */
static uint32_t next;                                                 /* lock: the oldest of them */

bool gr__chan_report_freed(const gr_chan *c, uintptr_t pc) {
    gr__past past = {.kind = GR__PAST_FREED};
    gr__lock(&lock);
    for (uint32_t i = 0; i < QUARANTINE; i++)
        if (kept[i].channel == c) past.deed = kept[i].freed;
    gr__unlock(&lock);
    gr__report_misuse(GR__FINDING_FREED_CHANNEL, c, pc, &past, NULL);
    return true;
}

static size_t bytes_of(const gr_chan *c) {
    return sizeof(gr_chan) + (c->capacity ? c->capacity * c->stride : 8);
}

/* The first that waits on c, which is locked. */
static bool waiter_of(const gr_chan *c, gr__past *out) {
    const gr__waiters *queues[] = {&c->receivers, &c->senders};
    for (int i = 0; i < 2; i++) {
        for (const gr__waiter *w = queues[i]->first; w; w = w->next) {
            if (w->select && GR__LOAD(&w->g->select_done)) continue;
            out->wait = w->g->head.wait;
            gr__deed_set(&out->deed, w->g, w->g->head.wait_pc);
            return true;
        }
    }
    return false;
}

void gr__chan_free(gr_chan *c, uintptr_t pc) {
    gr__g *g = gr__self();
    if (!c || gr__chan_misused(c, pc)) return;
    gr__past waiter = {.kind = GR__PAST_WAITER};
    gr__deed freed;
    gr__deed_set(&freed, g, pc);
    gr__lock(&c->lock);
    bool busy = waiter_of(c, &waiter);
    if (!busy) GR__STORE_RELAXED(&c->state, GR__CHAN_FREED);
    gr__unlock(&c->lock);
    if (busy) {                 /* it lives on: those who wait would write into nothing */
        gr__report_misuse(GR__FINDING_BUSY_CHANNEL_FREED, c, pc, &waiter, NULL);
        return;
    }
    if (c->timer) gr__timer_of_channel_free(c->timer);
    gr__hook_object_free(c, bytes_of(c), pc);
    gr__lock(&lock);
    gr_chan *old = kept[next].channel;
    kept[next].channel = c;
    kept[next].freed = freed;
    next = (next + 1) % QUARANTINE;
    gr__unlock(&lock);
    if (old) gr__free(old, bytes_of(old));
}

void gr_chan_free(gr_chan *c) {
    gr__self();
    gr__chan_free(c, GR__CALLER_PC);
}
