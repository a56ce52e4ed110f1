// want: misuse
// want: leak
// status: 66
// stderr: freed while goroutines wait on it
/* A channel is freed while a goroutine waits on it. */
#include <gorace.h>

static gr_chan *ch;
static gr_chan *ready;

static void waiter(void) {
    gr_send_value(ready, int, 1);
    gr_recv(ch, NULL);
}

int main(void) {
    ch = gr_make(int, 0);
    ready = gr_make(int, 0);
    go(waiter);
    gr_recv(ready, NULL);
    gr_sleep(100 * GR_MILLISECOND);
    gr_chan_free(ch);
    return 0;
}
