// want: none
/* A try that fails orders nothing: the annotated twin says so, and is reported; its lock's
 * atomics alone would order the two. */
#include "../annotations.h"

int x;
static atomic_int taken, step;

static void owner(void) {
    ANNOTATE(__tsan_mutex_pre_lock(&taken, 0));
    atomic_store(&taken, 1);
    ANNOTATE(__tsan_mutex_post_lock(&taken, 0, 0));
    x = 1;
    ANNOTATE(__tsan_mutex_pre_unlock(&taken, 0));
    atomic_store(&taken, 2);
    ANNOTATE(__tsan_mutex_post_unlock(&taken, 0));
    step_to(&step, 1);
}
static void late(void) {
    step_wait_in_thread(&step, 1);
    ANNOTATE(__tsan_mutex_pre_lock(&taken, TSAN_TRY_LOCK));
    int was = atomic_load(&taken);
    ANNOTATE(__tsan_mutex_post_lock(&taken, TSAN_TRY_LOCK | TSAN_TRY_LOCK_FAILED, 0));
    x += was;
}

int main(void) {
    together_in_threads(owner, late);
    return 0;
}
