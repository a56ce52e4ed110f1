// want: none
/* One that is reset fires again, stopped or not. */
#include <gorace.h>

int main(void) {
    gr_timer *timer = gr_timer_new(GR_HOUR);
    gr_timer_stop(timer);
    for (int i = 0; i < 3; i++) {
        gr_timer_reset(timer, GR_MILLISECOND);
        gr_recv(gr_timer_chan(timer), NULL);
    }
    gr_timer_free(timer);
    return 0;
}
