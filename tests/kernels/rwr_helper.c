// class: resource deadlock: RWR
// want: GR2001 summarise
/* A reader leaves part of its work to a helper and waits for it under the read lock; the helper wants
 * that lock, too, and a writer has come between. Repaired: the reader waits without the lock. */
#include "kernel.h"

static gr_rwmutex lock;
static int rows = 7;
static gr_chan *reading, *summary;

static void summarise(void) {
    int seen;
    gr_rwmutex_rlock(&lock);
    seen = rows;
    gr_rwmutex_runlock(&lock);
    gr_send(summary, &seen);
}
static void read_table(void) {
    int seen;
    gr_rwmutex_rlock(&lock);
    gr_close(reading);
    wait_for_writer(&lock);
    go(summarise);
#ifdef REPAIRED
    gr_rwmutex_runlock(&lock);
    gr_recv(summary, &seen);
#else
    gr_recv(summary, &seen);
    gr_rwmutex_runlock(&lock);
#endif
}
static void insert(void) {
    gr_recv(reading, NULL);
    gr_rwmutex_lock(&lock);
    rows++;
    gr_rwmutex_unlock(&lock);
}

int main(void) {
    reading = gr_make(int, 0);
    summary = gr_make(int, 0);
    together(read_table, insert);
    return 0;
}
