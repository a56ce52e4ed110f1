// want: none
/* Goroutines that get the stack of an earlier one do not race with it. */
#include "../together.h"

static atomic_int ended;

static void user(int number) {
    volatile char mine[1000];
    for (int i = 0; i < 1000; i++)
        mine[i] = (char)number;
    (void)mine[number];
    step_to(&ended, number);
}

int main(void) {
    for (int i = 1; i <= 200; i++) {
        go(user, i);
        step_wait(&ended, i);
    }
    return 0;
}
