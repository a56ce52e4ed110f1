// want: deadlock
// stderr: of a timer that was stopped
/* Nothing comes from a timer that was stopped. */
#include <gorace.h>

int main(void) {
    gr_timer *timer = gr_timer_new(GR_HOUR);
    gr_timer_stop(timer);
    gr_recv(gr_timer_chan(timer), NULL);
    return 0;
}
