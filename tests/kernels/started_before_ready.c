// class: order violation
// want: GR1001 serve
/* A server starts its loop and sets the handler after that. Repaired: before. */
#include "kernel.h"

struct server { void (*handler)(int); } server;

static void answer(int request) { (void)request; }
static void serve(gr_chan *requests) {
    for (int request; gr_recv(requests, &request);)
        if (server.handler) server.handler(request);
        else puts("no handler yet");
}

int main(void) {
    gr_chan *requests = gr_make(int, 1);
    gr_send_value(requests, int, 1);
#ifdef REPAIRED
    server.handler = answer;
    go(serve, requests);
#else
    go(serve, requests);
    server.handler = answer;
#endif
    gr_close(requests);
    settle();
    return 0;
}
