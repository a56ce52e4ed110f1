// class: channel misuse
// want: GR9001 send on closed channel
/* The receiver of jobs closes their channel when it has had enough, and the sender sends one more.
 * Repaired: the receiver says so by a channel of its own. */
#include "kernel.h"

static void send_jobs(gr_chan *jobs, gr_chan *enough, gr_chan *gone) {
    for (int job = 0;; job++) {
#ifdef REPAIRED
        gr_case cases[] = {gr_case_send(jobs, &job), gr_case_recv(enough, NULL)};
        if (gr_select(cases, 2) == 1) {
            gr_close(gone);
            return;
        }
#else
        (void)enough, (void)gone; /* it never gets there */
        gr_send(jobs, &job);
#endif
    }
}

int main(void) {
    gr_chan *jobs = gr_make(int, 0), *enough = gr_make(int, 0), *gone = gr_make(int, 0);
    go(send_jobs, jobs, enough, gone);
    for (int i = 0; i < 3; i++)
        gr_recv(jobs, NULL);
#ifdef REPAIRED
    gr_close(enough);
#else
    gr_close(jobs);
#endif
    gr_recv(gone, NULL);
    return 0;
}
