// class: communication deadlock: channel & context
// want: GR3001 clean_up
/* A cleaner waits for the end of a context, and is given the background: that has no channel, and the
 * cleaner waits at a nil one. Repaired: a context that somebody cancels. */
#include "kernel.h"

static void clean_up(gr_context *context) {
    gr_recv(gr_context_done(context), NULL);
    puts("clean");
}

int main(void) {
#ifdef REPAIRED
    gr_context *context = gr_with_cancel(gr_background());
#else
    gr_context *context = gr_background();
#endif
    go(clean_up, context);
    gr_context_cancel(context);
    settle();
    return 0;
}
