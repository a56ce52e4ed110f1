// want: leak stuck
// stderr: ^Held by goroutine 2, who ended without giving it, and took it at:\n  leaver\(\)\n.*leak_lock_of_the_ended.c:9
/* Who has the lock ends and keeps it. Anybody may give it, but nobody does. */
#include "../together.h"

static gr_mutex lock;

static void leaver(gr_chan *left) {
    gr_mutex_lock(&lock);
    gr_send_value(left, int, 1);
}
static void stuck(gr_chan *here) {
    gr_send_value(here, int, 1);
    gr_mutex_lock(&lock);
}

int main(void) {
    gr_chan *c = gr_make(int, 0);
    go(leaver, c);
    gr_recv(c, NULL);
    while (gr_num_goroutine() > 1) gr_gosched(); /* it has ended */
    go(stuck, c);
    gr_recv(c, NULL);
    gr_sleep(100 * GR_MILLISECOND);
    return 0;
}
