// want: none
/* A hundred thousand goroutines at once, which have only work to do, and take turns at a lock. */
#include <gorace.h>

static gr_waitgroup done;
static gr_mutex lock;
static long sum;

static void add(int n) {
    gr_mutex_lock(&lock);
    sum += n;
    gr_mutex_unlock(&lock);
    gr_waitgroup_done(&done);
}

int main(void) {
    gr_waitgroup_add(&done, 100000);
    for (int i = 0; i < 100000; i++) go(add, 1);
    gr_waitgroup_wait(&done);
    return sum == 100000 ? 0 : 1;
}
