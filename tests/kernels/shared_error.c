// class: captured variable
// want: GR1001 upload
/* Two uploads and their starter share one variable `error`, as closures do. Repaired: each has its own,
 * and they are looked at when both have ended. */
#include "kernel.h"

struct upload { int part, *error; gr_waitgroup *ended; };

static void upload(struct upload *u) {
    *u->error = u->part == 1 ? -1 : 0;
    gr_waitgroup_done(u->ended);
}

int main(void) {
    gr_waitgroup ended = {0};
    int error[2] = {0};
    struct upload parts[2];
    gr_waitgroup_add(&ended, 2);
    for (int i = 0; i < 2; i++) {
#ifdef REPAIRED
        parts[i] = (struct upload){i, &error[i], &ended};
#else
        parts[i] = (struct upload){i, &error[0], &ended};
#endif
        go(upload, &parts[i]);
    }
    gr_waitgroup_wait(&ended);
    return error[0] > 0 || error[1] > 0;
}
