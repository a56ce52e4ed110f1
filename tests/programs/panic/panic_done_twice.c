// want: panic
// stderr: ^panic: sync: negative WaitGroup counter$
/* A goroutine that has called Done already calls it once more on its way out. */
#include <gorace.h>

static gr_waitgroup done;

static void worker(gr_chan *ended) {
    gr_waitgroup_done(&done);
    gr_waitgroup_done(&done);
    gr_close(ended);
}

int main(void) {
    gr_chan *ended = gr_make(int, 0);
    gr_waitgroup_add(&done, 1);
    go(worker, ended);
    gr_recv(ended, NULL);
    return 0;
}
