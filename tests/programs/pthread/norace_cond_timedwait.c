// want: none
/* A wait that runs out of time holds the mutex again. */
#include "../together.h"
#include <time.h>

int x;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

static void user(void) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec = (until.tv_nsec + 10000000) % 1000000000;
    pthread_mutex_lock(&lock);
    x++;
    pthread_cond_timedwait(&cond, &lock, &until);
    x++;
    pthread_mutex_unlock(&lock);
}

int main(void) {
    together_in_threads(user, user);
    return x != 4;
}
