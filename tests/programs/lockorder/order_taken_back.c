// want: lock-order 'lock' 'other'
/* A wait for a condition takes its mutex again while another lock is held. */
#include "turns.h"

#include <time.h>

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER, other = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t never = PTHREAD_COND_INITIALIZER;

static void first(void) {
    struct timespec soon;
    clock_gettime(CLOCK_REALTIME, &soon);
    pthread_mutex_lock(&lock);
    pthread_mutex_lock(&other);
    pthread_cond_timedwait(&never, &lock, &soon);
    pthread_mutex_unlock(&other);
    pthread_mutex_unlock(&lock);
}
static void second(void) { NEST(pthread_mutex, &lock, &other); }

int main(void) {
    threads_in_turn(first, second);
}
