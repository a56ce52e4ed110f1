// class: channel misuse
// want: GR1002 send_line
/* A logger's channel is closed by whoever ends first, while the other may be sending: this time the send
 * is earlier, and nothing orders it. Repaired: the close comes when both have ended. */
#include "kernel.h"

static gr_chan *lines;
static atomic_int turn;

static void send_line(void) {
    gr_send_value(lines, int, 1);
    step_to(&turn, 1);
}
static void shut_down(void) {
    step_wait(&turn, 1);
#ifndef REPAIRED
    gr_close(lines);
#endif
}

int main(void) {
    lines = gr_make(int, 4);
    together(send_line, shut_down);
#ifdef REPAIRED
    gr_close(lines);
#endif
    return 0;
}
