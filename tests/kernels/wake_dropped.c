// class: communication deadlock: lost signal
// want: GR2001 flush
/* A flusher is told by a send that does not wait: when it is not listening just then, nobody notices
 * that the signal is lost. Repaired: the channel has room for one signal. */
#include "kernel.h"

static void flush(gr_chan *wake, gr_chan *flushed) {
    gr_recv(wake, NULL);
    gr_close(flushed);
}

int main(void) {
    gr_chan *flushed = gr_make(int, 0);
#ifdef REPAIRED
    gr_chan *wake = gr_make(int, 1);
#else
    gr_chan *wake = gr_make(int, 0);
#endif
    gr_try_send(wake, &(int){1}); /* before the flusher is there */
    go(flush, wake, flushed);
    gr_recv(flushed, NULL);
    return 0;
}
