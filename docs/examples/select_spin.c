// want: misuse monitor
// stderr: select spins on a closed channel
/* A monitor shows what sensors tell it, until it is told to stop.
 *
 * What goes wrong: the sensors close `events`, and from then on that case is ready all the time. The
 * loop turns as fast as it can and does nothing. Repaired in select_spin_repaired.c.
 */
#include <gorace.h>
#include <stdio.h>

static void sensor(gr_chan *events) {
    for (int i = 0; i < 5; i++)
        gr_send(events, &i);
    gr_close(events);
}

static void monitor(gr_chan *events, gr_chan *hot, gr_chan *stop) {
    int event, idle = 0;
    for (;;) {
        gr_case cases[] = {gr_case_recv(events, &event), gr_case_recv(stop, NULL)};
        if (gr_select(cases, 2) == 1)
            return;
        if (cases[0].ok)
            printf("event %d\n", event);
        else if (++idle == 5000)
            gr_close(hot); /* stands for the fan that somebody hears at last */
    }
}

int main(void) {
    gr_chan *events = gr_make(int, 0), *hot = gr_make(int, 0), *stop = gr_make(int, 0);

    go(sensor, events);
    go(monitor, events, hot, stop);
    gr_recv(hot, NULL);
    gr_send_value(stop, int, 1);
    return 0;
}
