// want: race
// stderr: ^Thread T1 'left' \((running|finished)\) created
// stderr: ^Thread T2 'right' \((running|finished)\) created
/* Threads have the names that they gave themselves. */
#include "../annotations.h"

int x;
static atomic_int step;

static void left(void) {
    AnnotateThreadName(HERE, "left");
    x++;
    step_to(&step, 1);
}
static void right(void) {
    step_wait_in_thread(&step, 1);
    AnnotateThreadName(HERE, "right");
    x++;
}

int main(void) {
    together_in_threads(left, right);
    return 0;
}
