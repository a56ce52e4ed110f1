// want: none
/* The function of a once may call another once, and the same one later. */
#include <gorace.h>

static gr_once inner, outer;
static int calls;

static void count(void) { calls++; }
static void init(void) {
    gr_once_do(&inner, count);
    calls++;
}
static void user(gr_waitgroup *done) {
    gr_once_do(&outer, init);
    gr_once_do(&inner, count);
    gr_waitgroup_done(done);
}

int main(void) {
    gr_waitgroup done = {0};
    gr_waitgroup_add(&done, 8);
    for (int i = 0; i < 8; i++) go(user, &done);
    gr_waitgroup_wait(&done);
    gr_once_do(&outer, init);
    return calls == 2 ? 0 : 1;
}
