// want: race
/* Two readers do not hide each other: a writer ordered after one races with the other. */
#include "../together.h"

int x;
static atomic_int one_read;

static void lonely(void) {
    (void)*(volatile int *)&x;
    step_to(&one_read, 1);
}
static void ordered(void) {
    step_wait_in_thread(&one_read, 1);
    (void)*(volatile int *)&x;
    x = 1; /* behind its own read, not behind the other's */
}

int main(void) {
    together_in_threads(lonely, ordered);
    return 0;
}
