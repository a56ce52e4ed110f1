// want: race
// flags: -O0
/* What a signal does inside is hidden: its plain accesses are the lock's own business. */
#include "../annotations.h"

static int waiters;
static atomic_int step;

static void wake(void) {
    ANNOTATE(__tsan_mutex_pre_signal(&waiters, 0));
    waiters++;
    ANNOTATE(__tsan_mutex_post_signal(&waiters, 0));
}
static void first(void) {
    wake();
    step_to(&step, 1);
}
static void second(void) {
    step_wait_in_thread(&step, 1);
    wake();
}

int main(void) {
    together_in_threads(first, second);
    return waiters != 2;
}
