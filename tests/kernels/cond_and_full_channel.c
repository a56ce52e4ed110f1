// class: communication deadlock: channel & condition variable
// want: GR2001 receive_all
/* A receiver waits until the batch is complete before it reads; the sender stands at the full channel
 * with the last items, and the signal comes behind them. Repaired: it reads first. */
#include "kernel.h"

enum { ITEMS = 4 };
static gr_mutex lock;
static gr_cond complete;
static bool all_sent;
static gr_chan *items;

static void send_all(void) {
    for (int i = 0; i < ITEMS; i++)
        gr_send(items, &i);
    gr_mutex_lock(&lock);
    all_sent = true;
    gr_cond_signal(&complete);
    gr_mutex_unlock(&lock);
}
static void wait_until_complete(void) {
    gr_mutex_lock(&lock);
    while (!all_sent)
        gr_cond_wait(&complete);
    gr_mutex_unlock(&lock);
}
static void receive_all(void) {
#ifndef REPAIRED
    wait_until_complete();
#endif
    for (int i = 0; i < ITEMS; i++)
        gr_recv(items, NULL);
#ifdef REPAIRED
    wait_until_complete();
#endif
}

int main(void) {
    gr_cond_init(&complete, &lock);
    items = gr_make(int, 2);
    together(send_all, receive_all);
    return 0;
}
