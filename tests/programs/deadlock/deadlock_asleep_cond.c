// want: deadlock
// stderr: ^fatal error: all goroutines are asleep - deadlock!$
// stderr: ^main thread \[pthread_join\]:$
// stderr: ^thread T1 \[pthread_cond_wait\]:$
/* A thread waits for a signal that nobody sends, and main waits for the thread. */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

static void *waiter(void *unused) {
    pthread_mutex_lock(&lock);
    pthread_cond_wait(&cond, &lock);
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, waiter, NULL);
    return pthread_join(thread, NULL);
}
