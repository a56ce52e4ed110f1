// class: channel misuse
// want: GR5002 receive_messages
/* A broker starts a goroutine for each message; they queue up at a slow disk faster than it writes.
 * Repaired: a semaphore keeps their number down. */
#include "kernel.h"

enum { MESSAGES = 11000 };
static gr_sem slots;

static void store(gr_chan *disk, gr_waitgroup *stored) {
    gr_recv(disk, NULL);
#ifdef REPAIRED
    gr_sem_release(&slots, 1);
#endif
    gr_waitgroup_done(stored);
}
static void write_disk(gr_chan *disk) {
    for (int i = 0; i < MESSAGES; i++)
        gr_send(disk, &i);
}
static void receive_messages(gr_chan *disk, gr_waitgroup *stored) {
    gr_waitgroup_add(stored, MESSAGES);
    for (int i = 0; i < MESSAGES; i++) {
#ifdef REPAIRED
        gr_sem_acquire(&slots, 1);
#endif
        go(store, disk, stored);
    }
}

int main(void) {
    gr_chan *disk = gr_make(int, 0);
    gr_waitgroup stored = {0};
    gr_sem_init(&slots, 50);
#ifdef REPAIRED
    go(write_disk, disk);
    receive_messages(disk, &stored);
#else
    receive_messages(disk, &stored);
    go(write_disk, disk);
#endif
    gr_waitgroup_wait(&stored);
    return 0;
}
