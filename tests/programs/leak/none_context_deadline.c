// want: none
/* The clock holds the context: who waits for its end will be woken, and is. */
#include "lost.h"

static gr_waitgroup ended;

static void work(gr_context *c) {
    gr_waitgroup_done(&begun);
    gr_recv(gr_context_done(c), NULL);
    gr_waitgroup_done(&ended);
}
static void forget(void) {
    gr_waitgroup_add(&ended, 1);
    go(work, gr_with_timeout(gr_background(), 200 * GR_MILLISECOND));
}

int main(void) {
    leave_behind(forget, 1);
    int found = gr_check_leaks();
    gr_waitgroup_wait(&ended);
    return found > 0;
}
