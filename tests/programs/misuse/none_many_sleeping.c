// want: none
/* Twenty thousand goroutines sleep at once: that ends by itself. */
#include <gorace.h>

static void nap(gr_waitgroup *done) {
    gr_sleep(300 * GR_MILLISECOND);
    gr_waitgroup_done(done);
}

int main(void) {
    gr_waitgroup done = {0};
    gr_waitgroup_add(&done, 20000);
    for (int i = 0; i < 20000; i++) go(nap, &done);
    gr_waitgroup_wait(&done);
    return 0;
}
