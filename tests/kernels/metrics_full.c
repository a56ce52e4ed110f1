// class: mixed deadlock: channel & lock
// want: GR2002|GR3001 flush_metrics
/* Metrics go into a channel under the lock; the flusher takes the lock, then empties the channel.
 * The channel is full. The two wait for each other, main goes on. Repaired: what does not fit is
 * dropped. */
#include "kernel.h"

enum { ROOM = 2 };
struct metrics { gr_mutex lock; gr_chan *values; int dropped; };

static void add_metrics(struct metrics *metrics, gr_chan *full) {
    gr_mutex_lock(&metrics->lock);
    for (int value = 0; value <= ROOM; value++) {
        if (value == ROOM) gr_close(full);
#ifdef REPAIRED
        metrics->dropped += !gr_try_send(metrics->values, &value);
#else
        gr_send(metrics->values, &value);
#endif
    }
    gr_mutex_unlock(&metrics->lock);
}
static void flush_metrics(struct metrics *metrics, gr_chan *full) {
    gr_recv(full, NULL);
    gr_mutex_lock(&metrics->lock);
    while (gr_try_recv(metrics->values, NULL) == GR_RECEIVED) {}
    gr_mutex_unlock(&metrics->lock);
}
APART void measure(gr_chan *full) {
    struct metrics *metrics = calloc(1, sizeof *metrics);
    metrics->values = gr_make(int, ROOM);
    go(add_metrics, metrics, full);
    go(flush_metrics, metrics, full);
}

int main(void) {
    gr_chan *full = gr_make(int, 0);
    measure(full);
    gr_recv(full, NULL);
    settle();
    return 0;
}
