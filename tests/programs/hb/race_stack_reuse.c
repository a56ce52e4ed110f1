// want: race
/* A variable on a stack is memory like any other while its owner lives. */
#include "../together.h"

static volatile int *_Atomic shared;
static atomic_int step;

static void owner(void) {
    volatile int mine = 0;
    atomic_store_explicit(&shared, &mine, memory_order_relaxed);
    mine = 1;
    step_to(&step, 1);
    step_wait(&step, 2);
}
static void other(void) {
    step_wait(&step, 1);
    *atomic_load_explicit(&shared, memory_order_relaxed) = 2;
    step_to(&step, 2);
}

int main(void) {
    together(owner, other);
    return 0;
}
