// class: mixed deadlock: channel & lock
// want: GR2001 build_target
/* A build tool runs as many jobs at once as it has permits. A job that needs another one waits for it
 * with its own permit in hand, and there is none left. Repaired: it gives the permit back meanwhile. */
#include "kernel.h"

static gr_sem permits;

static void build_target(int depth, gr_chan *built) {
    gr_sem_acquire(&permits, 1);
    if (depth > 0) {
        gr_chan *part = gr_make(int, 0);
        go(build_target, depth - 1, part);
#ifdef REPAIRED
        gr_sem_release(&permits, 1);
        gr_recv(part, NULL);
        gr_sem_acquire(&permits, 1);
#else
        gr_recv(part, NULL);
#endif
        gr_chan_free(part);
    }
    gr_sem_release(&permits, 1);
    gr_send(built, &depth);
}

int main(void) {
    gr_chan *built = gr_make(int, 0);
    gr_sem_init(&permits, 2);
    go(build_target, 2, built);
    gr_recv(built, NULL);
    return 0;
}
