// want: race
/* A pool of the program's own hands out the same memory twice. */
#include "../annotations.h"

long pool[8];
static atomic_int step;
static atomic_int elsewhere; /* orders nothing here, but gives the trace its order in time */

static long *take(void) {
    ANNOTATE(AnnotateNewMemory(HERE, pool, sizeof pool));
    return pool;
}
static void first(void) {
    take()[1] = 1;
    atomic_store(&elsewhere, 1);
    step_to(&step, 1);
}
static void second(void) {
    step_wait_in_thread(&step, 1);
    take()[1] = 2;
}

int main(void) {
    together_in_threads(first, second);
    return 0;
}
