// want: race two
/* A lock that fails because it is taken orders nothing. */
#define _GNU_SOURCE
#include "../together.h"

#include <time.h>

int x;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static atomic_int step;

static void one(void) {
    pthread_rwlock_wrlock(&lock);
    x = 1;
    pthread_rwlock_unlock(&lock);
    pthread_rwlock_wrlock(&lock);
    step_to(&step, 1);
    step_wait_in_thread(&step, 2);
    pthread_rwlock_unlock(&lock);
}
static void two(void) {
    struct timespec past = {1, 0};
    step_wait_in_thread(&step, 1);
    pthread_rwlock_tryrdlock(&lock);
    pthread_rwlock_trywrlock(&lock);
    pthread_rwlock_timedrdlock(&lock, &past);
    pthread_rwlock_timedwrlock(&lock, &past);
    pthread_rwlock_clockrdlock(&lock, CLOCK_MONOTONIC, &past);
    pthread_rwlock_clockwrlock(&lock, CLOCK_MONOTONIC, &past);
    x++;
    step_to(&step, 2);
}

int main(void) {
    together_in_threads(one, two);
    return 0;
}
