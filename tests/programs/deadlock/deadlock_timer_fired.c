// want: deadlock
// stderr: of a timer that has fired and was not reset
/* A timer fires once. */
#include <gorace.h>

int main(void) {
    gr_timer *timer = gr_timer_new(GR_MILLISECOND);
    gr_recv(gr_timer_chan(timer), NULL);
    gr_recv(gr_timer_chan(timer), NULL);
    return 0;
}
