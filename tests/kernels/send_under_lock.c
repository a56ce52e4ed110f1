// class: mixed deadlock: channel & lock
// want: GR2001 publish
/* A producer sends under the lock of its statistics; the consumer counts under that lock before it
 * takes the next item. Repaired: the lock goes before the send. */
#include "kernel.h"

static gr_mutex statistics;
static int sent, taken;
static gr_chan *items;

static void publish(void) {
    for (int i = 0; i < 3; i++) {
        gr_mutex_lock(&statistics);
        sent++;
#ifdef REPAIRED
        gr_mutex_unlock(&statistics);
        gr_send(items, &i);
#else
        gr_send(items, &i);
        gr_mutex_unlock(&statistics);
#endif
    }
    gr_close(items);
}
static void consume(void) {
    while (gr_recv(items, NULL)) {
#ifndef REPAIRED
        while (gr_mutex_try_lock(&statistics)) { /* the producer has to be at its next send */
            gr_mutex_unlock(&statistics);
            gr_gosched();
        }
#endif
        gr_mutex_lock(&statistics);
        taken++;
        gr_mutex_unlock(&statistics);
    }
}

int main(void) {
    items = gr_make(int, 0);
    together(publish, consume);
    return 0;
}
