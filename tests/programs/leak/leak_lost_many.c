// want: leak stuck
// stderr: ^9[789] more of the same go statement wait at the same place for the same reason\.
/* A hundred that are alike are one report. The stack of the thread that ran one last may still hold what it waits
 * for: then that one may be woken, for all we know. */
#include "lost.h"

static void stuck(gr_chan *c) {
    gr_waitgroup_done(&begun);
    gr_recv(c, NULL);
}
static void forget(void) {
    for (int i = 0; i < 100; i++) go(stuck, gr_make(int, 0));
}

int main(void) {
    leave_behind(forget, 100);
    gr_sleep(200 * GR_MILLISECOND);
    return 0;
}
