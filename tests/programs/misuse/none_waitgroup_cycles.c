// want: none
/* A wait group that is used again and again, by several who add and wait, all in order: Add is called before the go
 * statement, or under the lock under which somebody says that he will wait; and goroutines add to a counter that is
 * not zero. */
#include "../together.h"

static gr_waitgroup group;
static gr_mutex lock;
static bool closing;

static void leaf(void) { gr_waitgroup_done(&group); }

static void branch(void) {
    for (int i = 0; i < 4; i++) {
        gr_waitgroup_add(&group, 1); /* its own one still counts */
        go(leaf);
    }
    gr_waitgroup_done(&group);
}

static void serve(void) {
    for (int i = 0; i < 100; i++) {
        gr_mutex_lock(&lock);
        bool on = !closing;
        if (on) gr_waitgroup_add(&group, 1);
        gr_mutex_unlock(&lock);
        if (on) gr_waitgroup_done(&group);
        gr_gosched();
    }
}
static void shut(void) {
    gr_mutex_lock(&lock);
    closing = true;
    gr_mutex_unlock(&lock);
    gr_waitgroup_wait(&group);
}

int main(void) {
    gr_waitgroup_wait(&group); /* nothing yet */
    for (int round = 0; round < 50; round++) {
        gr_waitgroup_add(&group, 2);
        go(branch);
        go(branch);
        gr_waitgroup_wait(&group);
        gr_waitgroup_wait(&group);
    }
    together(serve, shut);
    return 0;
}
