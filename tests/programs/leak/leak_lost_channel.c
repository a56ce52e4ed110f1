// want: leak stuck
// stderr: ^Goroutine \d+ .*\[chan receive\] has been blocked for .* and nothing can wake it:$
// stderr: unbuffered, made at .*leak_lost_channel.c:\d+\): its other users have all ended$
// stdout: ^1$
/* Who made the channel has ended, and nobody else has it: told while main goes on. */
#include "lost.h"

static void stuck(gr_chan *c) {
    gr_waitgroup_done(&begun);
    gr_recv(c, NULL);
}
static void forget(void) { go(stuck, gr_make(int, 0)); }

int main(void) {
    leave_behind(forget, 1);
    search(1);
    return 0;
}
