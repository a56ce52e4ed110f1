// want: leak left_one right_one
// stderr: They could only wake each other, and all of them wait\.
// stderr: ^  waits for channel .*: only goroutines that wait for ever can reach it$
// stderr: 1 goroutine leak in
/* Each waits for what only the other could send: one report of both, while main goes on. */
#include "lost.h"

static void left_one(gr_chan *mine, gr_chan *other) {
    gr_waitgroup_done(&begun);
    gr_recv(mine, NULL);
    gr_send_value(other, int, 1);
}
static void right_one(gr_chan *mine, gr_chan *other) {
    gr_waitgroup_done(&begun);
    gr_recv(mine, NULL);
    gr_send_value(other, int, 1);
}
static void forget(void) {
    gr_chan *a = gr_make(int, 0), *b = gr_make(int, 0);
    go(left_one, a, b);
    go(right_one, b, a);
}

int main(void) {
    leave_behind(forget, 2);
    search(2);
    return 0;
}
