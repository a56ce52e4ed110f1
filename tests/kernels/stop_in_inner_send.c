// class: communication deadlock: missing receive
// want: GR3001|GR3002 convert
/* A converter listens to `stop` while it waits for work, but not while it hands on a result. Who took
 * the results is gone before the stop. Repaired: it listens to `stop` there, too. */
#include "kernel.h"

static void convert(gr_chan *work, gr_chan *results, gr_chan *stop) {
    for (int item;;) {
        gr_case in[] = {gr_case_recv(work, &item), gr_case_recv(stop, NULL)};
        if (gr_select(in, 2) == 1) return;
        item *= 2;
#ifdef REPAIRED
        gr_case out[] = {gr_case_send(results, &item), gr_case_recv(stop, NULL)};
        if (gr_select(out, 2) == 1) return;
#else
        gr_send(results, &item);
#endif
    }
}

int main(void) {
    gr_chan *work = gr_make(int, 0), *results = gr_make(int, 0), *stop = gr_make(int, 0);
    go(convert, work, results, stop);
    gr_send_value(work, int, 1);
    gr_recv(results, NULL);
    gr_send_value(work, int, 2);
    gr_close(stop);
    settle();
    return 0;
}
