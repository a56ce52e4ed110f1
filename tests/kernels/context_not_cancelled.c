// class: communication deadlock: channel & context
// want: GR3001 watch_session
/* A session that fails early returns without cancelling the context of its watcher. Repaired: it is
 * cancelled on each way out. */
#include "kernel.h"

static void watch_session(gr_context *context) { gr_recv(gr_context_done(context), NULL); }
APART bool session(bool valid) {
    gr_context *context = gr_with_cancel(gr_background());
    go(watch_session, context);
#ifndef REPAIRED
    if (!valid) return false;
#endif
    gr_context_cancel(context);
    return valid;
}

int main(void) {
    session(true);
    session(false);
    settle();
    return 0;
}
