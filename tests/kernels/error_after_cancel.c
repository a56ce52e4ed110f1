// class: communication deadlock: channel & context
// want: GR3001 run_query
/* A query that is cancelled sends its error; who asked has seen the cancellation itself and returned.
 * Repaired: room for the error. */
#include "kernel.h"

static void run_query(gr_context *context, gr_chan *errors) {
    gr_recv(gr_context_done(context), NULL);
    gr_send_value(errors, int, 1);
}
APART void ask(gr_context *context) {
#ifdef REPAIRED
    gr_chan *errors = gr_make(int, 1);
#else
    gr_chan *errors = gr_make(int, 0);
#endif
    gr_context_cancel(context);
    gr_case cases[] = {gr_case_recv(errors, NULL), gr_case_recv(gr_context_done(context), NULL)};
    gr_select(cases, 2);
    go(run_query, context, errors);
}

int main(void) {
    gr_context *context = gr_with_cancel(gr_background());
    ask(context);
    settle();
    return 0;
}
