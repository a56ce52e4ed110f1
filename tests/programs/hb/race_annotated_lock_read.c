// want: race
/* A writer after a reader, in a lock of the program's own. */
#include "../annotations.h"

int x;
static atomic_int holders, step;

static void reader(void) {
    ANNOTATE(__tsan_mutex_pre_lock(&holders, TSAN_READ_LOCK));
    atomic_fetch_add_explicit(&holders, 1, memory_order_relaxed);
    ANNOTATE(__tsan_mutex_post_lock(&holders, TSAN_READ_LOCK, 0));
    int seen = x;
    ANNOTATE(__tsan_mutex_pre_unlock(&holders, TSAN_READ_LOCK));
    atomic_fetch_sub_explicit(&holders, 1, memory_order_relaxed);
    ANNOTATE(__tsan_mutex_post_unlock(&holders, TSAN_READ_LOCK));
    step_to(&step, 1 + seen);
}
static void writer(void) {
    step_wait_in_thread(&step, 1);
    ANNOTATE(__tsan_mutex_pre_lock(&holders, 0));
    int none = 0;
    while (!atomic_compare_exchange_weak_explicit(&holders, &none, -1, memory_order_relaxed, memory_order_relaxed))
        none = 0;
    ANNOTATE(__tsan_mutex_post_lock(&holders, 0, 0));
    x = 1;
    ANNOTATE(__tsan_mutex_pre_unlock(&holders, 0));
    atomic_store_explicit(&holders, 0, memory_order_relaxed);
    ANNOTATE(__tsan_mutex_post_unlock(&holders, 0));
}

int main(void) {
    together_in_threads(reader, writer);
    return 0;
}
