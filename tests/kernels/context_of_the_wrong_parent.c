// class: communication deadlock: channel & context
// want: GR3001|GR3002 stream
/* A stream's context is made from the background instead of the server's: the server's end does not
 * reach it. Repaired: the server's context is the parent. */
#include "kernel.h"

static void stream(gr_context *context, gr_chan *data) {
    for (int piece;;) {
        gr_case cases[] = {gr_case_recv(data, &piece), gr_case_recv(gr_context_done(context), NULL)};
        if (gr_select(cases, 2) == 1) return;
    }
}
APART void open_stream(gr_context *server, gr_chan *data) {
#ifdef REPAIRED
    gr_context *context = gr_with_cancel(server);
#else
    gr_context *context = gr_with_cancel(gr_background());
    (void)server;
#endif
    go(stream, context, data);
}

int main(void) {
    gr_context *server = gr_with_cancel(gr_background());
    gr_chan *data = gr_make(int, 0);
    open_stream(server, data);
    gr_send_value(data, int, 1);
    gr_context_cancel(server);
    settle();
    return 0;
}
