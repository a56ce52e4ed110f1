// want: none
/* Channels, timers and contexts that are freed when nobody uses them any more. */
#include <gorace.h>

static void worker(gr_chan *in, gr_chan *done, gr_waitgroup *ended) {
    int value;
    for (;;) {
        gr_case cases[] = {gr_case_recv(in, &value), gr_case_recv(done, NULL)};
        if (gr_select(cases, 2) == 1 || !cases[0].ok) break;
    }
    gr_waitgroup_done(ended);
}

int main(void) {
    for (int round = 0; round < 300; round++) {
        gr_waitgroup ended = {0};
        gr_context *context = gr_with_timeout(gr_background(), GR_HOUR);
        gr_timer *timer = gr_timer_new(GR_HOUR);
        gr_chan *in = gr_make(int, 1);
        gr_waitgroup_add(&ended, 1);
        go(worker, in, gr_context_done(context), &ended);
        gr_send_value(in, int, 1);
        if (round % 2) gr_close(in);
        else gr_context_cancel(context);
        gr_waitgroup_wait(&ended);
        gr_chan_free(in);
        gr_timer_free(timer);
        gr_context_free(context);
    }
    return 0;
}
