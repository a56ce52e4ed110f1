// class: communication deadlock: channel & context
// want: GR3001|GR3002 renew
/* A lease is renewed at each tick, and its holder told. The holder has gone with its context; the
 * renewer is in the middle of telling it. Repaired: the context may interrupt the telling. */
#include "kernel.h"

static void renew(gr_context *context, gr_chan *ticks, gr_chan *renewed) {
    for (int tick;;) {
        gr_case cases[] = {gr_case_recv(ticks, &tick), gr_case_recv(gr_context_done(context), NULL)};
        if (gr_select(cases, 2) == 1) return;
#ifdef REPAIRED
        gr_case tell[] = {gr_case_send(renewed, &tick), gr_case_recv(gr_context_done(context), NULL)};
        if (gr_select(tell, 2) == 1) return;
#else
        gr_send(renewed, &tick);
#endif
    }
}

int main(void) {
    gr_context *context = gr_with_cancel(gr_background());
    gr_chan *ticks = gr_make(int, 0), *renewed = gr_make(int, 0);
    go(renew, context, ticks, renewed);
    gr_send_value(ticks, int, 1);
    gr_recv(renewed, NULL);
    gr_send_value(ticks, int, 2);
    gr_context_cancel(context);
    settle();
    return 0;
}
