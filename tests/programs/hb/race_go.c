// want: race
/* The end of a goroutine orders nothing, and what follows the go statement neither. */
#include "../together.h"

int x;
static gr_waitgroup ended;

static void writer(void) {
    x = 1;
    gr_waitgroup_done(&ended);
}

int main(void) {
    gr_waitgroup_add(&ended, 1);
    go(writer);
    int seen = x;
    gr_waitgroup_wait(&ended);
    return seen > 1;
}
