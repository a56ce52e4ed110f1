// want: leak stuck
// stderr: ^Goroutine \d+ .*\[chan receive\].* still blocked when main returned
/* A goroutine is left behind when main returns: chan receive. */
#include <gorace.h>

static gr_chan *never;
static gr_chan *ready;

static void stuck(void) {
    gr_send_value(ready, int, 1);
    gr_recv(never, NULL);
}

int main(void) {
    ready = gr_make(int, 0);
    never = gr_make(int, 0);
    go(stuck);
    gr_recv(ready, NULL);
    gr_sleep(100 * GR_MILLISECOND);
    return 0;
}
