// want: leak work
// stderr: \[chan receive\] has been blocked
/* A context without a deadline whose cancel function is lost. The twin has a deadline. */
#include "lost.h"

static void work(gr_context *c) {
    gr_waitgroup_done(&begun);
    gr_recv(gr_context_done(c), NULL);
}
static void forget(void) { go(work, gr_with_cancel(gr_background())); }

int main(void) {
    leave_behind(forget, 1);
    search(1);
    return 0;
}
