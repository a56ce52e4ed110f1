// want: race
/* What follows done is not ordered with the one who waited. */
#include "../together.h"

int x;
static gr_waitgroup wg;

static void worker(void) {
    gr_waitgroup_done(&wg);
    x = 1;
}
static void waiter(void) {
    gr_waitgroup_wait(&wg);
    x = 2;
}

int main(void) {
    gr_waitgroup_add(&wg, 1);
    together(worker, waiter);
    return 0;
}
