// want: none
/* Two readers who write: the atomics inside of the lock would order them, and its
 * annotations hide those. */
#include "../annotations.h"

int x;
static atomic_int readers, step;

static void lock(void) {
    ANNOTATE(__tsan_mutex_pre_lock(&readers, TSAN_READ_LOCK));
    atomic_fetch_add(&readers, 1);
    ANNOTATE(__tsan_mutex_post_lock(&readers, TSAN_READ_LOCK, 0));
}
static void unlock(void) {
    ANNOTATE(__tsan_mutex_pre_unlock(&readers, TSAN_READ_LOCK));
    atomic_fetch_sub(&readers, 1);
    ANNOTATE(__tsan_mutex_post_unlock(&readers, TSAN_READ_LOCK));
}
static void first(void) {
    lock();
    x++;
    unlock();
    step_to(&step, 1);
}
static void second(void) {
    step_wait_in_thread(&step, 1);
    lock();
    x++;
    unlock();
}

int main(void) {
    together_in_threads(first, second);
    return 0;
}
