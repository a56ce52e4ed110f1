// want: race
/* A signal orders nothing: what stands between unlock and signal races with the waiter. */
#include "../together.h"

int x, ready;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

static void signaller(void) {
    pthread_mutex_lock(&lock);
    ready = 1;
    pthread_mutex_unlock(&lock);
    x = 1;
    pthread_cond_signal(&cond);
}
static void waiter(void) {
    pthread_mutex_lock(&lock);
    while (!ready)
        pthread_cond_wait(&cond, &lock);
    pthread_mutex_unlock(&lock);
    x = 2;
}

int main(void) {
    together_in_threads(signaller, waiter);
    return 0;
}
