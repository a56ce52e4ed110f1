// class: resource deadlock: double locking
// want: GR2002 scan
/* A disk scanner takes the table's lock for each entry; for an entry that is gone it goes on to the
 * next one with the lock still held. Only the scanner waits, the program goes on. Repaired: an unlock
 * before `continue`. */
#include "kernel.h"

static gr_mutex lock;
static int sizes[5] = {10, 20, -1, 40, 50}, total;

static void scan(gr_chan *started) {
    gr_close(started);
    for (int i = 0; i < 5; i++) {
        gr_mutex_lock(&lock);
        if (sizes[i] < 0) {
#ifdef REPAIRED
            gr_mutex_unlock(&lock);
#endif
            continue;
        }
        total += sizes[i];
        gr_mutex_unlock(&lock);
    }
}

int main(void) {
    gr_chan *started = gr_make(int, 0);
    go(scan, started);
    gr_recv(started, NULL);
    settle();
    return 0;
}
