// want: none
/* The second thread waits for a limited time only. */
#include "turns.h"

#include <time.h>

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) { NEST(pthread_mutex, &a, &b); }
static void second(void) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 10;
    pthread_mutex_lock(&b);
    if (pthread_mutex_timedlock(&a, &until) == 0) pthread_mutex_unlock(&a);
    pthread_mutex_unlock(&b);
}

int main(void) {
    threads_in_turn(first, second);
}
