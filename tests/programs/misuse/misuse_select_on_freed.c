// want: misuse
// stderr: use of a freed channel
// stderr: ^Freed by goroutine 2 at:\n  freer\(\)
/* A channel that was freed stands in a select, beside one that is ready. */
#include <gorace.h>

static void freer(gr_chan *ch, gr_chan *freed) {
    gr_chan_free(ch);
    gr_send_value(freed, int, 1);
}

int main(void) {
    gr_chan *ch = gr_make(int, 1), *ready = gr_make(int, 1), *freed = gr_make(int, 1);
    go(freer, ch, freed);
    gr_recv(freed, NULL);
    gr_send_value(ready, int, 1);
    gr_case cases[] = {gr_case_recv(ready, NULL), gr_case_send(ch, &(int){1})};
    gr_select_default(cases, 2);
    return 0;
}
