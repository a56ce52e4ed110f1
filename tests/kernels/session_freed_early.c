// class: data race
// want: GR1001|GR1003 write_log
/* A session ends: its block goes back, while its logger still writes the last line from it. Repaired:
 * the end waits for the logger. (In Go, which frees nothing by hand, the block is cleared and reused.) */
#include "kernel.h"

struct session { int user, requests; };

static void write_log(struct session *session, gr_chan *written) {
    int last = session->requests;
    gr_send(written, &last);
}

int main(void) {
    struct session *session = malloc(sizeof *session);
    gr_chan *written = gr_make(int, 0);
    int last;
    *session = (struct session){7, 3};
    go(write_log, session, written);
#ifdef REPAIRED
    gr_recv(written, &last);
    free(session);
#else
    free(session);
    gr_recv(written, &last);
#endif
    return 0;
}
