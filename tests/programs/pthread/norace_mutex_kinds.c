// want: none
/* Every way to lock every kind of mutex; an unlock that lets nobody in, or fails, changes nothing. */
#define _GNU_SOURCE
#include "../together.h"

#include <errno.h>
#include <time.h>

int x, y, z;
static pthread_mutex_t recursive, checked, plain = PTHREAD_MUTEX_INITIALIZER;
static atomic_int step;

static struct timespec far_off(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    t.tv_sec += 1000;
    return t;
}
static void one(void) {
    struct timespec until = far_off(CLOCK_REALTIME), monotonic = far_off(CLOCK_MONOTONIC);
    for (int i = 0; i < 100; i++) {
        pthread_mutex_timedlock(&plain, &until);
        x++;
        pthread_mutex_unlock(&plain);
        pthread_mutex_clocklock(&plain, CLOCK_MONOTONIC, &monotonic);
        x++;
        pthread_mutex_unlock(&plain);
    }
    pthread_mutex_lock(&recursive);
    pthread_mutex_lock(&recursive);
    y++;
    pthread_mutex_unlock(&recursive);
    y++;
    pthread_mutex_unlock(&recursive);
    pthread_mutex_lock(&checked);
    z++;
    pthread_mutex_unlock(&checked);
    step_to(&step, 1);
}
static void two(void) {
    for (int i = 0; i < 100; i++) {
        while (pthread_mutex_trylock(&plain)) sched_yield();
        x++;
        pthread_mutex_unlock(&plain);
    }
    pthread_mutex_lock(&recursive);
    y++;
    pthread_mutex_unlock(&recursive);
    step_wait_in_thread(&step, 1);
    step_to(&step, pthread_mutex_unlock(&checked) == EPERM ? 2 : -1);
}
static void *three(void *unused) {
    step_wait_in_thread(&step, 2);
    pthread_mutex_lock(&checked);
    if (pthread_mutex_lock(&checked) == EDEADLK) z++;
    pthread_mutex_unlock(&checked);
    return unused;
}

int main(void) {
    pthread_t thread;
    pthread_mutexattr_t kind;
    pthread_mutexattr_init(&kind);
    pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&recursive, &kind);
    pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&checked, &kind);
    pthread_create(&thread, NULL, three, NULL);
    together_in_threads(one, two);
    pthread_join(thread, NULL);
    return x != 300 || y != 3 || z != 2;
}
