// want: deadlock member
// stderr: ^10,000 wait for each other, and none of them can go on:$
// stderr: ^  \.\.\. and 9,996 more, each of which the one before waits for$
// stderr: ^Goroutine \d+ \(and 9,999 more like it\) \[sync\.Mutex\.Lock\] waits for gr_mutex 'locks\[\d+\]'
/* Each of ten thousand has a lock and waits for that of the next one. */
#include <gorace.h>

enum { MEMBERS = 10000 };
gr_mutex locks[MEMBERS];
static gr_waitgroup ready;
static gr_chan *start;

static void member(int i) {
    gr_mutex_lock(&locks[i]);
    gr_waitgroup_done(&ready);
    gr_recv(start, NULL);
    gr_mutex_lock(&locks[(i + 1) % MEMBERS]);
}

int main(void) {
    start = gr_make(int, 0);
    gr_waitgroup_add(&ready, MEMBERS);
    for (int i = 0; i < MEMBERS; i++) go(member, i);
    gr_waitgroup_wait(&ready);
    gr_close(start);
    gr_recv(NULL, NULL);
    return 0;
}
