// want: none
/* Every done happens before the end of the wait. */
#include "../together.h"

int x, y;
static gr_waitgroup wg;

static void one(void) {
    x = 1;
    gr_waitgroup_done(&wg);
}
static void two(void) {
    y = 1;
    gr_waitgroup_done(&wg);
}

int main(void) {
    gr_waitgroup_add(&wg, 2);
    go(one);
    go(two);
    gr_waitgroup_wait(&wg);
    return x + y != 2;
}
