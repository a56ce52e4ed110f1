// want: none
/* Its end is waited for. */
#include <gorace.h>

static void watcher(gr_context *context, gr_chan *ticks, gr_waitgroup *ended) {
    for (;;) {
        gr_case cases[] = {gr_case_recv(ticks, NULL), gr_case_recv(gr_context_done(context), NULL)};
        if (gr_select(cases, 2) == 1) break;
    }
    gr_waitgroup_done(ended);
}

int main(void) {
    gr_waitgroup ended = {0};
    gr_context *context = gr_with_cancel(gr_background());
    gr_ticker *ticker = gr_ticker_new(GR_HOUR);
    gr_waitgroup_add(&ended, 1);
    go(watcher, context, gr_ticker_chan(ticker), &ended);
    gr_ticker_stop(ticker);
    gr_context_cancel(context);
    gr_waitgroup_wait(&ended);
    gr_ticker_free(ticker);
    gr_context_free(context);
    return 0;
}
