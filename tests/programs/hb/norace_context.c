// want: none
/* A cancel happens before its end is seen, in the done channel of the context or of one below it, and in
 * gr_context_err. So does the making of a context whose time is up. */
#include "../together.h"

int x;
static gr_context *parent, *child, *_Atomic timed;
static atomic_int made;

static void cancels(void) {
    x = 1;
    gr_context_cancel(parent);
}
static void waits_for_parent(void) {
    gr_recv(gr_context_done(parent), NULL);
    x++;
}
static void waits_for_child(void) {
    gr_recv(gr_context_done(child), NULL);
    x++;
}
static void asks_parent(void) {
    while (gr_context_err(parent) == GR_CONTEXT_OK) {}
    x++;
}
static void asks_child(void) {
    while (gr_context_err(child) == GR_CONTEXT_OK) {}
    x++;
}

static void sets_time(void) {
    x = 1;
    gr_context *c = gr_with_timeout(gr_background(), GR_MILLISECOND);
    atomic_store_explicit(&timed, c, memory_order_relaxed);
    step_to(&made, 1);
}
static gr_context *of_time(void) {
    step_wait(&made, 1);
    return atomic_load_explicit(&timed, memory_order_relaxed);
}
static void waits_for_time(void) {
    gr_recv(gr_context_done(of_time()), NULL);
    x++;
}
static void asks_time(void) {
    while (gr_context_err(of_time()) == GR_CONTEXT_OK) {}
    x++;
}
/* The time of a context is that of those below it, whoever made them. */
static void waits_below_time(void) {
    gr_context *below = gr_with_cancel(of_time());
    gr_recv(gr_context_done(below), NULL);
    x++;
    gr_context_free(below);
}

int main(void) {
    part seen[] = {waits_for_parent, waits_for_child, asks_parent, asks_child};
    for (int i = 0; i < 4; i++) {
        parent = gr_with_cancel(gr_background());
        child = gr_with_timeout(parent, GR_HOUR);
        together(cancels, seen[i]);
        gr_context_free(child);
        gr_context_free(parent);
    }
    part up[] = {waits_for_time, asks_time, waits_below_time};
    for (int i = 0; i < 3; i++) {
        together(sets_time, up[i]);
        gr_context_free(timed);
        made = 0;
    }
    return 0;
}
