// want: misuse
// want: leak
// stderr: freed while goroutines wait on it
// stderr: ^Waited on by goroutine 2 \[select\] at:\n  waiter\(\)
/* A timer is freed while a select waits on its channel. */
#include <gorace.h>

static void waiter(gr_chan *never, gr_chan *time, gr_chan *ready) {
    gr_send_value(ready, int, 1);
    gr_case cases[] = {gr_case_recv(never, NULL), gr_case_recv(time, NULL)};
    gr_select(cases, 2);
}

int main(void) {
    gr_chan *ready = gr_make(int, 0), *never = gr_make(int, 0);
    gr_timer *timer = gr_timer_new(GR_HOUR);
    gr_gomaxprocs(1);
    go(waiter, never, gr_timer_chan(timer), ready);
    gr_recv(ready, NULL);
    gr_gosched(); /* one processor: it waits now */
    gr_sleep(10 * GR_MILLISECOND);
    gr_timer_free(timer);
    return 0;
}
