// class: library: WaitGroup
// want: GR9001 negative WaitGroup counter
/* A job that fails calls `done` in its error branch and once more at its end. Repaired: once. */
#include "kernel.h"

static void job(int number, gr_waitgroup *group) {
    if (number == 1) {
        puts("job 1 failed");
#ifndef REPAIRED
        gr_waitgroup_done(group);
#endif
    }
    gr_waitgroup_done(group);
}

int main(void) {
    gr_waitgroup group = {0};
    gr_chan *both = gr_make(int, 0);
    gr_waitgroup_add(&group, 1);
    job(0, &group);
    gr_waitgroup_add(&group, 1);
    job(1, &group);
    gr_chan_free(both);
    gr_waitgroup_wait(&group);
    return 0;
}
