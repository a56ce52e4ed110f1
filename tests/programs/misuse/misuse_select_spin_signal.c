// want: misuse
// stderr: select spins on a closed channel
// stderr: ^Closed by main goroutine at:\n  main\(\)
/* A `break` leaves the switch, and not the loop: the signal to stop is seen again and again. Nothing is received
 * with it, so it takes longer to be sure that this is no work. */
#include <gorace.h>

static void worker(gr_chan *stop, gr_chan *work, gr_chan *ended) {
    for (int turns = 0; turns < 150000; turns++) {
        int item;
        gr_case cases[] = {gr_case_recv(stop, NULL), gr_case_recv(work, &item)};
        switch (gr_select(cases, 2)) {
        case 0: break;
        case 1: continue;
        }
    }
    gr_close(ended);
}

int main(void) {
    gr_chan *stop = gr_make(int, 0), *work = gr_make(int, 0), *ended = gr_make(int, 0);
    go(worker, stop, work, ended);
    gr_close(stop);
    gr_recv(ended, NULL);
    return 0;
}
