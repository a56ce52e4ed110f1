// class: order violation
// want: GR1001 log_line
/* At shutdown the log is closed while a worker may still write its last line. Repaired: the worker's
 * end comes first. */
#include "kernel.h"

struct { int lines; bool open; } journal = {.open = true};

static void log_line(void) {
    if (journal.open) journal.lines++;
}
static void worker(gr_chan *quit, gr_chan *ended) {
    gr_recv(quit, NULL);
    log_line();
    gr_close(ended);
}

int main(void) {
    gr_chan *quit = gr_make(int, 0), *ended = gr_make(int, 0);
    go(worker, quit, ended);
    log_line();
    gr_close(quit);
#ifdef REPAIRED
    gr_recv(ended, NULL);
    journal.open = false;
#else
    journal.open = false;
    gr_recv(ended, NULL);
#endif
    return 0;
}
