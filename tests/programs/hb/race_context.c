// want: race cancels waits
// want: race sets_time asks
/* What follows a cancel, or the making of a context with a time, is not ordered with its end. */
#include "../together.h"

int x, y;
static gr_context *parent, *child, *_Atomic timed;
static atomic_int made;

static void cancels(void) {
    gr_context_cancel(parent);
    x = 1;
}
static void waits(void) {
    gr_recv(gr_context_done(child), NULL);
    x = 2;
}

static void sets_time(void) {
    gr_context *c = gr_with_timeout(gr_background(), GR_MILLISECOND);
    y = 1;
    atomic_store_explicit(&timed, c, memory_order_relaxed);
    step_to(&made, 1);
}
static void asks(void) {
    step_wait(&made, 1);
    while (gr_context_err(atomic_load_explicit(&timed, memory_order_relaxed)) == GR_CONTEXT_OK) {}
    y = 2;
}

int main(void) {
    parent = gr_with_cancel(gr_background());
    child = gr_with_cancel(parent);
    together(cancels, waits);
    gr_context_free(child);
    gr_context_free(parent);
    together(sets_time, asks);
    gr_context_free(timed);
    return 0;
}
