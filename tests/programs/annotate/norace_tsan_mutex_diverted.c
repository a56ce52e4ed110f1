// want: none
/* A lock calls back into the program while it waits: what that does is seen, and races in
 * the annotated twin, whose lock hides the atomics that would order it. */
#include "../annotations.h"

int x;
static atomic_int word, step;

static void callback(void) { x++; }
static void lock(void) {
    ANNOTATE(__tsan_mutex_pre_lock(&word, 0));
    atomic_fetch_add(&word, 1);
    ANNOTATE(__tsan_mutex_pre_divert(&word, 0));
    callback();
    ANNOTATE(__tsan_mutex_post_divert(&word, 0));
    atomic_fetch_add(&word, 1);
    ANNOTATE(__tsan_mutex_post_lock(&word, 0, 0));
}
static void first(void) {
    lock();
    step_to(&step, 1);
}
static void second(void) {
    step_wait_in_thread(&step, 1);
    lock();
}

int main(void) {
    together_in_threads(first, second);
    return 0;
}
