// want: race
// want: panic
// status: 66
// stderr: ^Read \(send\) at
// stderr: ^Previous write \(close\) at
// stderr: ^panic: send on closed channel$
// stderr: ^Closed by goroutine 3 at:\ncloser\(\)
/* The other way round the close comes first, and the send panics as well. */
#include "../together.h"

static gr_chan *ch;
static atomic_int closed;

static void sender(void) {
    step_wait(&closed, 1);
    gr_send_value(ch, int, 1);
}
static void closer(void) {
    gr_close(ch);
    step_to(&closed, 1);
}

int main(void) {
    ch = gr_make(int, 8);
    together(sender, closer);
    return 0;
}
