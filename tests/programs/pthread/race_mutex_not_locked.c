// want: race two
/* A lock that fails orders nothing: not when it is taken, not when time is up. */
#define _GNU_SOURCE
#include "../together.h"

#include <time.h>

int x;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int step;

static void one(void) {
    pthread_mutex_lock(&lock);
    x = 1;
    pthread_mutex_unlock(&lock);
    pthread_mutex_lock(&lock);
    step_to(&step, 1);
    step_wait_in_thread(&step, 2);
    pthread_mutex_unlock(&lock);
}
static void two(void) {
    struct timespec past = {1, 0};
    step_wait_in_thread(&step, 1);
    pthread_mutex_trylock(&lock);
    pthread_mutex_timedlock(&lock, &past);
    pthread_mutex_clocklock(&lock, CLOCK_MONOTONIC, &past);
    x++;
    step_to(&step, 2);
}

int main(void) {
    together_in_threads(one, two);
    return 0;
}
