// want: race
/* A wait that runs out of time comes after who held the mutex in between, and after nobody else. */
#include "../together.h"

int x;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static atomic_int step;

static void waiter(void) {
    struct timespec past = {1, 0};
    pthread_mutex_lock(&lock);
    step_wait_in_thread(&step, 1);
    pthread_cond_timedwait(&cond, &lock, &past);
    x++;
    pthread_mutex_unlock(&lock);
}
static void other(void) {
    x = 1;
    pthread_cond_broadcast(&cond);
    step_to(&step, 1);
}

int main(void) {
    together_in_threads(waiter, other);
    return 0;
}
