// class: channel misuse
// want: GR9001 send on closed channel
/* The receiver of jobs closes their channel when it has had enough, and the sender sends one more.
 * Repaired: the receiver says so by a channel of its own. */
#include "kernel.h"

static void send_jobs(gr_chan *jobs, gr_chan *enough) {
    for (int job = 0;; job++) {
#ifdef REPAIRED
        gr_case cases[] = {gr_case_send(jobs, &job), gr_case_recv(enough, NULL)};
        if (gr_select(cases, 2) == 1) return;
#else
        (void)enough;
        gr_send(jobs, &job);
#endif
    }
}

int main(void) {
    gr_chan *jobs = gr_make(int, 0), *enough = gr_make(int, 0);
    go(send_jobs, jobs, enough);
    for (int i = 0; i < 3; i++)
        gr_recv(jobs, NULL);
#ifdef REPAIRED
    gr_close(enough);
#else
    gr_close(jobs);
#endif
    settle();
    return 0;
}
