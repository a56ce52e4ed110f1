// class: communication deadlock: crossed sends
// want: GR2001 greet
/* Two peers of a protocol send their greeting first and read the other's then; no channel has room.
 * Repaired: who was called reads first. */
#include "kernel.h"

static void greet(gr_chan *out, gr_chan *in, bool called, gr_waitgroup *ended) {
#ifdef REPAIRED
    if (called) gr_recv(in, NULL);
    gr_send_value(out, int, 1);
    if (!called) gr_recv(in, NULL);
#else
    (void)called;
    gr_send_value(out, int, 1);
    gr_recv(in, NULL);
#endif
    gr_waitgroup_done(ended);
}

int main(void) {
    gr_chan *there = gr_make(int, 0), *back = gr_make(int, 0);
    gr_waitgroup ended = {0};
    gr_waitgroup_add(&ended, 2);
    go(greet, there, back, false, &ended);
    go(greet, back, there, true, &ended);
    gr_waitgroup_wait(&ended);
    return 0;
}
