// class: data race
// want: GR1001 handle
/* A server counts its requests in a plain variable. Repaired: under a lock. */
#include "kernel.h"

int hits;
static gr_mutex lock;

static void handle(gr_waitgroup *served) {
#ifdef REPAIRED
    gr_mutex_lock(&lock);
    hits++;
    gr_mutex_unlock(&lock);
#else
    (void)lock;
    hits++;
#endif
    gr_waitgroup_done(served);
}

int main(void) {
    gr_waitgroup served = {0};
    gr_waitgroup_add(&served, 4);
    for (int i = 0; i < 4; i++)
        go(handle, &served);
    gr_waitgroup_wait(&served);
    return 0;
}
