// class: mixed deadlock: WaitGroup
// want: GR2001 count_words
/* Results are read when all workers have ended, but a worker ends when its result was read. Repaired:
 * room for all results. */
#include "kernel.h"

enum { FILES = 3 };

static void count_words(int file, gr_chan *counts, gr_waitgroup *ended) {
    gr_send_value(counts, int, file * 10);
    gr_waitgroup_done(ended);
}

int main(void) {
#ifdef REPAIRED
    gr_chan *counts = gr_make(int, FILES);
#else
    gr_chan *counts = gr_make(int, 0);
#endif
    gr_waitgroup ended = {0};
    gr_waitgroup_add(&ended, FILES);
    for (int file = 0; file < FILES; file++)
        go(count_words, file, counts, &ended);
    gr_waitgroup_wait(&ended);
    gr_close(counts);
    while (gr_recv(counts, NULL)) {}
    return 0;
}
