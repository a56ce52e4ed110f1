// want: none
/* Every way to lock a readers-writer lock, with readers or writers preferred. */
#define _GNU_SOURCE
#include "../together.h"

#include <time.h>

int x;
static pthread_rwlock_t lock;

static struct timespec far_off(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    t.tv_sec += 1000;
    return t;
}
static int locked(int way) {
    struct timespec until = far_off(CLOCK_REALTIME), monotonic = far_off(CLOCK_MONOTONIC);
    switch (way % 8) {
    case 0: return pthread_rwlock_wrlock(&lock);
    case 1: return pthread_rwlock_trywrlock(&lock);
    case 2: return pthread_rwlock_timedwrlock(&lock, &until);
    case 3: return pthread_rwlock_clockwrlock(&lock, CLOCK_MONOTONIC, &monotonic);
    case 4: return pthread_rwlock_rdlock(&lock);
    case 5: return pthread_rwlock_tryrdlock(&lock);
    case 6: return pthread_rwlock_timedrdlock(&lock, &until);
    default: return pthread_rwlock_clockrdlock(&lock, CLOCK_MONOTONIC, &monotonic);
    }
}
static void user(void) {
    static _Thread_local int sum;
    for (int i = 0; i < 400; i++) {
        while (locked(i)) sched_yield();
        if (i % 8 < 4) x++;
        else sum += x;
        pthread_rwlock_unlock(&lock);
    }
}

int main(void) {
    pthread_rwlockattr_t writers;
    pthread_rwlock_init(&lock, NULL);
    together_in_threads(user, user);
    pthread_rwlock_destroy(&lock);
    pthread_rwlockattr_init(&writers);
    pthread_rwlockattr_setkind_np(&writers, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&lock, &writers);
    together_in_threads(user, user);
    return x != 800;
}
