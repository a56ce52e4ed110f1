// want: race
/* Two that meet at a barrier of the program's own. */
#include "../annotations.h"

int left;
static atomic_int arrived;
static char barrier;

static void meet(void) {
    ANNOTATE(AnnotateBarrierWaitBefore(HERE, &barrier));
    atomic_fetch_add_explicit(&arrived, 1, memory_order_relaxed);
    step_wait_in_thread(&arrived, 2);
    ANNOTATE(AnnotateBarrierWaitAfter(HERE, &barrier));
}
static void one(void) {
    left = 1;
    meet();
}
static void other(void) {
    meet();
    left++;
}

int main(void) {
    together_in_threads(one, other);
    return barrier;
}
