// want: panic
// stderr: ^panic: send on closed channel$
// stderr: ^goroutine [2-9] \[running\]:
/* A select that waits to send is woken by the close, and panics. That the close has no order with the
 * send is not what is asked here. */
#include <gorace.h>

static gr_chan *ch;
static bool sends;

static void sender(void) {
    gr_race_disable();
    gr_case cases[] = {gr_case_recv(gr_make(int, 0), NULL), gr_case_send(ch, &(int){1})};
    sends = true;               /* one processor: who looks next sees it wait */
    gr_select(cases, 2);
}

int main(void) {
    gr_gomaxprocs(1);
    ch = gr_make(int, 0);
    go(sender);
    gr_race_disable();
    while (!sends) gr_gosched();
    gr_close(ch);
    gr_recv(NULL, NULL);
    return 0;
}
