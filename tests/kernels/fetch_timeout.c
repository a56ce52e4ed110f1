// class: communication deadlock: missing receive
// want: GR3001 fetch
/* A request gives up after its time; its fetcher then has nobody to send the page to. Repaired: room
 * for one answer in the channel. (The time-out is a message, so that it always comes first.) */
#include "kernel.h"

static void fetch(gr_chan *page, gr_chan *network) {
    int text;
    gr_recv(network, &text);
    gr_send(page, &text);
}
APART void request(gr_chan *network) {
#ifdef REPAIRED
    gr_chan *page = gr_make(int, 1);
#else
    gr_chan *page = gr_make(int, 0);
#endif
    gr_chan *timeout = gr_make(int, 1);
    go(fetch, page, network);
    gr_send_value(timeout, int, 1);
    gr_case cases[] = {gr_case_recv(page, NULL), gr_case_recv(timeout, NULL)};
    if (gr_select(cases, 2) == 1) puts("too late");
}

int main(void) {
    gr_chan *network = gr_make(int, 0);
    request(network);
    gr_send_value(network, int, 404);
    settle();
    return 0;
}
