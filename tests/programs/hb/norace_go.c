// want: none
/* What comes before a go statement happens before the goroutine. */
#include "../together.h"

int x;
static gr_waitgroup ended;

static void reader(void) {
    x++;
    gr_waitgroup_done(&ended);
}

int main(void) {
    gr_waitgroup_add(&ended, 1);
    x = 1;
    go(reader);
    gr_waitgroup_wait(&ended);
    return x != 2;
}
