// class: communication deadlock: condition variable
// want: GR2001 await_start
/* Three workers wait for the start; it is given by a signal, which wakes one. Repaired: a broadcast. */
#include "kernel.h"

enum { WORKERS = 3 };
static gr_mutex lock;
static gr_cond start;
static int waiting;
static bool started;
static gr_waitgroup ended;

static void await_start(void) {
    gr_mutex_lock(&lock);
    waiting++;
    while (!started)
        gr_cond_wait(&start);
    gr_mutex_unlock(&lock);
    gr_waitgroup_done(&ended);
}
static int count_waiting(void) {
    int count;
    gr_mutex_lock(&lock);
    count = waiting;
    gr_mutex_unlock(&lock);
    return count;
}

int main(void) {
    gr_cond_init(&start, &lock);
    gr_waitgroup_add(&ended, WORKERS);
    for (int i = 0; i < WORKERS; i++)
        go(await_start);
    while (count_waiting() < WORKERS)
        gr_gosched();
    gr_mutex_lock(&lock);
    started = true;
#ifdef REPAIRED
    gr_cond_broadcast(&start);
#else
    gr_cond_signal(&start);
#endif
    gr_mutex_unlock(&lock);
    gr_waitgroup_wait(&ended);
    return 0;
}
