/* free.c - the end of a channel, and its use after that.
 *
 * Freed channels stay in quarantine for a while, so that a late user meets the mark and not
 * somebody else's channel. The quarantine has a lock. */
#include "runtime/chan/chan.h"

#include "runtime/time/time.h"
#include "runtime/vocab/finding.h"

enum { QUARANTINE = 256 };

static uint32_t lock;
static gr_chan *first, *last;
static uint32_t count;

bool gr__chan_report_freed(const gr_chan *c, uintptr_t pc) {
    gr__report_misuse(GR__FINDING_FREED_CHANNEL, c, pc);
    return true;
}

static size_t bytes_of(const gr_chan *c) {
    return sizeof(gr_chan) + (c->capacity ? c->capacity * c->stride : 8);
}

void gr__chan_free(gr_chan *c, uintptr_t pc) {
    if (!c || gr__chan_misused(c, pc)) return;
    gr__lock(&c->lock);
    bool busy = gr__waiters_live(&c->receivers) || gr__waiters_live(&c->senders);
    if (!busy) GR__STORE_RELAXED(&c->state, GR__CHAN_FREED);
    gr__unlock(&c->lock);
    if (busy) {                 /* it lives on: those who wait would write into nothing */
        gr__report_misuse(GR__FINDING_BUSY_CHANNEL_FREED, c, pc);
        return;
    }
    if (c->timer) gr__timer_of_channel_free(c->timer);
    gr__hook_object_free(c, bytes_of(c), pc);
    gr__lock(&lock);
    c->quarantine = NULL;
    if (last) last->quarantine = c;
    else first = c;
    last = c;
    gr_chan *old = NULL;
    if (++count > QUARANTINE) {
        old = first;
        first = old->quarantine;
        count--;
    }
    gr__unlock(&lock);
    if (old) gr__free(old, bytes_of(old));
}

void gr_chan_free(gr_chan *c) {
    gr__self();
    gr__chan_free(c, GR__CALLER_PC);
}
