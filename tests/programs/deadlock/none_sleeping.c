// want: none
/* A goroutine that sleeps will go on: nothing is asleep for ever. */
#include <gorace.h>

static gr_chan *ch;

static void late(void) {
    gr_sleep(50 * GR_MILLISECOND);
    gr_send_value(ch, int, 1);
}

int main(void) {
    ch = gr_make(int, 0);
    go(late);
    gr_recv(ch, NULL);
    gr_recv(gr_after(20 * GR_MILLISECOND), NULL);
    return 0;
}
