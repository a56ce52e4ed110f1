// want: race
// stderr: ^Goroutine \d+ 'left' \(running\) created
/* A goroutine's name is in the report. */
#include "../annotations.h"

int x;
static atomic_int step;

static void left(void) {
    gr_set_name("left");
    x++;
    step_to(&step, 1);
    step_wait(&step, 2);
}
static void right(void) {
    step_wait(&step, 1);
    x++;
    step_to(&step, 2);
}

int main(void) {
    together(left, right);
    return 0;
}
