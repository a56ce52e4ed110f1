// want: none
/* Every wait on a condition gives its mutex up and has it again, of C11 too; broadcast wakes them all. */
#define _GNU_SOURCE
#include "../together.h"

#include <threads.h>
#include <time.h>

int x, ready, waiting, y, c11_ready;
static pthread_mutex_t lock;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static mtx_t c11_lock;
static cnd_t c11_cond;

static struct timespec in(clockid_t clock, int seconds) {
    struct timespec t;
    clock_gettime(clock, &t);
    t.tv_sec += seconds;
    return t;
}
static void waiter(void) {
    struct timespec until = in(CLOCK_REALTIME, 1000), monotonic = in(CLOCK_MONOTONIC, 1000), past = {1, 0};
    pthread_mutex_lock(&lock);
    waiting++;
    pthread_cond_timedwait(&cond, &lock, &past);
    pthread_cond_clockwait(&cond, &lock, CLOCK_MONOTONIC, &past);
    while (ready < 1) pthread_cond_timedwait(&cond, &lock, &until);
    while (ready < 2) pthread_cond_clockwait(&cond, &lock, CLOCK_MONOTONIC, &monotonic);
    while (ready < 3) pthread_cond_wait(&cond, &lock);
    x++;
    pthread_mutex_unlock(&lock);
    mtx_lock(&c11_lock);
    cnd_timedwait(&c11_cond, &c11_lock, &past);
    while (!c11_ready) cnd_timedwait(&c11_cond, &c11_lock, &until);
    y++;
    mtx_unlock(&c11_lock);
}
static void *waker(void *unused) {
    for (int i = 0; i < 3;) {
        pthread_mutex_lock(&lock);
        if (waiting == 2) {
            x++;
            ready = ++i;
            pthread_cond_broadcast(&cond);
        }
        pthread_mutex_unlock(&lock);
        sched_yield();
    }
    struct timespec until = in(CLOCK_REALTIME, 1000);
    mtx_timedlock(&c11_lock, &until);
    y = 1;
    c11_ready = 1;
    cnd_broadcast(&c11_cond);
    mtx_unlock(&c11_lock);
    return unused;
}

int main(void) {
    pthread_t thread;
    pthread_mutexattr_t recursive;
    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&lock, &recursive);
    mtx_init(&c11_lock, mtx_timed);
    cnd_init(&c11_cond);
    pthread_create(&thread, NULL, waker, NULL);
    together_in_threads(waiter, waiter);
    pthread_join(thread, NULL);
    cnd_destroy(&c11_cond);
    mtx_destroy(&c11_lock);
    return x != 5 || y != 3;
}
