// want: leak watcher
// stderr: case 1: receive from channel .* \(open, of a context that nobody has cancelled, unbuffered, made at .*:17\)
// stderr: case 0: receive from channel .* of a ticker that was stopped
/* The goroutine that watches a context is left behind: nobody calls gr_context_cancel. Its ticker is stopped. */
#include <gorace.h>

static void watcher(gr_context *context, gr_chan *ticks, gr_chan *ready) {
    gr_send_value(ready, int, 1);
    for (;;) {
        gr_case cases[] = {gr_case_recv(ticks, NULL), gr_case_recv(gr_context_done(context), NULL)};
        if (gr_select(cases, 2) == 1) return;
    }
}

int main(void) {
    gr_chan *ready = gr_make(int, 0);
    gr_context *context = gr_with_cancel(gr_background());
    gr_ticker *ticker = gr_ticker_new(GR_HOUR);
    go(watcher, context, gr_ticker_chan(ticker), ready);
    gr_recv(ready, NULL);
    gr_ticker_stop(ticker);
    gr_sleep(100 * GR_MILLISECOND);
    return 0;
}
