// want: panic
// stderr: ^panic: send on closed channel$
// stderr: ^goroutine [2-9] \[running\]:
/* A sender that waits is woken by the close, and panics. That the close has no order with the send is not
 * what is asked here. */
#include <gorace.h>

static gr_chan *ch;
static bool sends;

static void sender(void) {
    gr_race_disable();
    sends = true;               /* one processor: who looks next sees it wait */
    gr_send_value(ch, int, 1);
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
