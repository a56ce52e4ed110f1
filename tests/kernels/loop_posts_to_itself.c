// class: communication deadlock: missing receive
// want: GR2001 event_loop
/* An event loop posts two follow-up events for each click into its own queue, which is full, and only
 * the loop itself takes from it. Repaired: what follows up waits in a list of the loop. */
#include "kernel.h"

enum event { CLICK, PRESSED, RELEASED, EVENTS = 6 };

static void event_loop(gr_chan *queue, gr_chan *ended) {
    enum event event, later[EVENTS];
    int pending = 0;
    for (int handled = 0; handled < EVENTS; handled++) {
        if (pending > 0) event = later[--pending];
        else gr_recv(queue, &event);
        if (event != CLICK) continue;
#ifdef REPAIRED
        later[pending++] = RELEASED;
        later[pending++] = PRESSED;
#else
        gr_send_value(queue, enum event, PRESSED);
        gr_send_value(queue, enum event, RELEASED);
#endif
    }
    gr_close(ended);
}

int main(void) {
    gr_chan *queue = gr_make(enum event, 2), *ended = gr_make(int, 0);
    for (int i = 0; i < 2; i++)
        gr_send_value(queue, enum event, CLICK);
    go(event_loop, queue, ended);
    gr_recv(ended, NULL);
    return 0;
}
