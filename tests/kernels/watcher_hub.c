// class: communication deadlock: missing receive
// want: GR3001|GR3002 hub
/* A hub hands each event to all watchers. A watcher that leaves stops reading first and asks to be
 * taken off then; the hub is in the middle of a send to it. Repaired: it reads until it is off. */
#include "kernel.h"

static void hub(gr_chan *events, gr_chan *watcher, gr_chan *leave) {
    for (int event; watcher;) {
        gr_case cases[] = {gr_case_recv(events, &event), gr_case_recv(leave, NULL)};
        if (gr_select(cases, 2) == 0) {
            gr_send(watcher, &event);
        } else {
            gr_close(watcher);
            watcher = NULL;
        }
    }
}
static void ask_to_leave(gr_chan *leave) { gr_send_value(leave, int, 1); }

int main(void) {
    gr_chan *events = gr_make(int, 0), *watcher = gr_make(int, 0), *leave = gr_make(int, 0);
    go(hub, events, watcher, leave);
    gr_send_value(events, int, 1);
    gr_recv(watcher, NULL);
    gr_send_value(events, int, 2); /* the hub is about to send it on */
    go(ask_to_leave, leave);
#ifdef REPAIRED
    while (gr_recv(watcher, NULL)) {}
#endif
    settle();
    return 0;
}
