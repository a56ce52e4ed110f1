// want: misuse ends 'lock' take()
/* A thread ends while it holds a mutex. */
#include <pthread.h>

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *take(void *unused) {
    pthread_mutex_lock(&lock);
    return unused;
}

int main(void) {
    pthread_t id;
    pthread_create(&id, NULL, take, NULL);
    pthread_join(id, NULL);
}
