// class: mixed deadlock: channel & lock
// want: GR2002|GR3001 flush_metrics
/* Metrics go into a channel under the lock; the flusher takes the lock, then empties the channel.
 * The channel is full. The two wait for each other, main goes on. Repaired: what does not fit is
 * dropped. */
#include "kernel.h"

enum { ROOM = 2 };
static gr_mutex lock;
static gr_chan *metrics, *full;
static int dropped;

static void add_metrics(void) {
    gr_mutex_lock(&lock);
    for (int value = 0; value <= ROOM; value++) {
        if (value == ROOM) gr_close(full);
#ifdef REPAIRED
        dropped += !gr_try_send(metrics, &value);
#else
        gr_send(metrics, &value);
#endif
    }
    gr_mutex_unlock(&lock);
}
static void flush_metrics(void) {
    gr_recv(full, NULL);
    gr_mutex_lock(&lock);
    while (gr_try_recv(metrics, NULL) == GR_RECEIVED) {}
    gr_mutex_unlock(&lock);
}

int main(void) {
    metrics = gr_make(int, ROOM);
    full = gr_make(int, 0);
    go(add_metrics);
    go(flush_metrics);
    gr_recv(full, NULL);
    settle();
    return 0;
}
