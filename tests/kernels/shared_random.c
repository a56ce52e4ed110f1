// class: library: not safe for several
// want: GR1001 jitter
/* A source of random numbers belongs to one user at a time; two retry loops draw from the same one.
 * Repaired: each has its own. */
#include "kernel.h"

unsigned seed = 1;

static int jitter(unsigned *source) { return rand_r(source) % 100; }
static void retry(int number, gr_waitgroup *ended) {
#ifdef REPAIRED
    unsigned own = (unsigned)number + 1, *source = &own;
#else
    unsigned *source = &seed;
    (void)number;
#endif
    for (int i = 0; i < 3; i++)
        jitter(source);
    gr_waitgroup_done(ended);
}

int main(void) {
    gr_waitgroup ended = {0};
    gr_waitgroup_add(&ended, 2);
    for (int i = 0; i < 2; i++)
        go(retry, i, &ended);
    gr_waitgroup_wait(&ended);
    return 0;
}
