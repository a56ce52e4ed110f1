// class: communication deadlock: channel & context
// want: GR3001|GR3002 worker
/* A service is cancelled; its worker listens to the jobs only, and no more will come. Repaired: it
 * listens to the context, too. */
#include "kernel.h"

static void worker(gr_context *context, gr_chan *jobs) {
    for (int job;;) {
#ifdef REPAIRED
        gr_case cases[] = {gr_case_recv(jobs, &job), gr_case_recv(gr_context_done(context), NULL)};
        if (gr_select(cases, 2) == 1) return;
#else
        if (gr_context_err(context) != GR_CONTEXT_OK) return;
        gr_recv(jobs, &job);
#endif
    }
}

int main(void) {
    gr_context *context = gr_with_cancel(gr_background());
    gr_chan *jobs = gr_make(int, 0);
    go(worker, context, jobs);
    gr_send_value(jobs, int, 1);
    settle();
    gr_context_cancel(context);
    settle();
    return 0;
}
