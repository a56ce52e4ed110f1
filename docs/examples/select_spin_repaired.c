// want: none
// stdout: ^event 4$
/* select_spin.c repaired: a closed input is disabled with cases[i].chan = NULL, and the select waits
 * quietly for what is left.
 */
#include <gorace.h>
#include <stdio.h>

static void sensor(gr_chan *events) {
    for (int i = 0; i < 5; i++)
        gr_send(events, &i);
    gr_close(events);
}

static void monitor(gr_chan *events, gr_chan *drained, gr_chan *stop) {
    int event;
    gr_case cases[] = {gr_case_recv(events, &event), gr_case_recv(stop, NULL)};
    while (gr_select(cases, 2) != 1) {
        if (cases[0].ok) {
            printf("event %d\n", event);
        } else {
            cases[0].chan = NULL;
            gr_close(drained);
        }
    }
}

int main(void) {
    gr_chan *events = gr_make(int, 0), *drained = gr_make(int, 0), *stop = gr_make(int, 0);

    go(sensor, events);
    go(monitor, events, drained, stop);
    gr_recv(drained, NULL);
    gr_send_value(stop, int, 1);
    return 0;
}
