// class: library: timer
// want: GR2001 retry
/* Before a timer is set anew its channel is emptied, if it was too late to stop it: but the loop has
 * taken that tick already. Repaired: it remembers. */
#include "kernel.h"

static void retry(gr_timer *timer) {
    bool taken = gr_recv(gr_timer_chan(timer), NULL);
    for (int tries = 0; tries < 2; tries++) {
#ifdef REPAIRED
        if (!gr_timer_stop(timer) && !taken) gr_recv(gr_timer_chan(timer), NULL);
#else
        if (!gr_timer_stop(timer)) gr_recv(gr_timer_chan(timer), NULL);
#endif
        gr_timer_reset(timer, GR_MILLISECOND);
        taken = gr_recv(gr_timer_chan(timer), NULL);
    }
    (void)taken;
}

int main(void) {
    gr_timer *timer = gr_timer_new(GR_MILLISECOND);
    retry(timer);
    gr_timer_free(timer);
    return 0;
}
