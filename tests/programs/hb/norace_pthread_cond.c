// want: none
/* Waiting gives the mutex up and takes it again: both are edges of the mutex. */
#include "../together.h"

int x, ready, waiting;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

static void signaller(void) {
    for (int seen = 0; !seen; sched_yield()) {
        pthread_mutex_lock(&lock);
        if ((seen = waiting)) {
            x++; /* behind the waiter's x = 1: it has given up the mutex */
            ready = 1;
            pthread_cond_signal(&cond);
        }
        pthread_mutex_unlock(&lock);
    }
}
static void waiter(void) {
    pthread_mutex_lock(&lock);
    x = 1;
    waiting = 1;
    while (!ready)
        pthread_cond_wait(&cond, &lock);
    x++;
    pthread_mutex_unlock(&lock);
}

int main(void) {
    together_in_threads(signaller, waiter);
    return x != 3;
}
