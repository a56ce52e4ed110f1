// want: leak ask
// stderr: \[chan send\]
/* Nobody takes the answer any more: the classic of a time-out and an unbuffered channel. */
#include <gorace.h>

static void ask(gr_chan *answer) {
    gr_sleep(20 * GR_MILLISECOND);
    gr_send_value(answer, int, 42);
}

int main(void) {
    gr_chan *answer = gr_make(int, 0);
    go(ask, answer);
    gr_case cases[] = {gr_case_recv(answer, NULL), gr_case_recv(gr_after(GR_MILLISECOND), NULL)};
    if (gr_select(cases, 2) == 1)
        gr_sleep(150 * GR_MILLISECOND);
    return 0;
}
