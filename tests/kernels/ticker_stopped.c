// class: library: timer
// want: GR3001|GR3002 clean_regularly
/* A cleaner runs for as long as its ticker's channel gives ticks. Stopping the ticker does not close
 * that channel. Repaired: a channel `quit` beside it. */
#include "kernel.h"

static void clean_regularly(gr_chan *ticks, gr_chan *quit, gr_chan *cleaned) {
    for (;;) {
#ifdef REPAIRED
        gr_case cases[] = {gr_case_recv(ticks, NULL), gr_case_recv(quit, NULL)};
        if (gr_select(cases, 2) == 1) break;
#else
        (void)quit;
        if (!gr_recv(ticks, NULL)) break;
#endif
        gr_try_send(cleaned, &(int){1});
    }
}

int main(void) {
    gr_ticker *ticker = gr_ticker_new(GR_MILLISECOND);
    gr_chan *quit = gr_make(int, 0), *cleaned = gr_make(int, 1);
    go(clean_regularly, gr_ticker_chan(ticker), quit, cleaned);
    gr_recv(cleaned, NULL);
    gr_ticker_stop(ticker);
    gr_close(quit);
    settle();
    return 0;
}
