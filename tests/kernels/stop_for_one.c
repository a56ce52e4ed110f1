// class: communication deadlock: missing send
// want: GR2001 poll_device
/* Two pollers share one stop channel, and the one stop that is sent reaches one of them. Repaired: the
 * channel is closed. */
#include "kernel.h"

static void poll_device(gr_chan *ticks, gr_chan *stop, gr_waitgroup *ended) {
    for (;;) {
        gr_case cases[] = {gr_case_recv(ticks, NULL), gr_case_recv(stop, NULL)};
        if (gr_select(cases, 2) == 1) break;
    }
    gr_waitgroup_done(ended);
}

int main(void) {
    gr_chan *ticks = gr_make(int, 0), *stop = gr_make(int, 0);
    gr_waitgroup ended = {0};
    gr_waitgroup_add(&ended, 2);
    for (int i = 0; i < 2; i++)
        go(poll_device, ticks, stop, &ended);
    for (int i = 0; i < 4; i++)
        gr_send(ticks, &i);
#ifdef REPAIRED
    gr_close(stop);
#else
    gr_send_value(stop, int, 1);
#endif
    gr_waitgroup_wait(&ended);
    return 0;
}
