// class: mixed deadlock: WaitGroup
// want: GR2001 main
/* A crawler's visitor returns for a page that it knows, past its `done`. Repaired: `done` on each way. */
#include "kernel.h"

static gr_waitgroup visits;

static void visit(int page) {
    if (page == 3) { /* known */
#ifdef REPAIRED
        gr_waitgroup_done(&visits);
#endif
        return;
    }
    gr_waitgroup_done(&visits);
}

int main(void) {
    for (int page = 0; page < 5; page++) {
        gr_waitgroup_add(&visits, 1);
        go(visit, page);
    }
    gr_waitgroup_wait(&visits);
    return 0;
}
