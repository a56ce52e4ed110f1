// want: deadlock worker
// stderr: ^  main thread waits for the end of thread T1$|^  thread T1 waits for pthread_mutex_t 'lock' .*, which main thread holds$
/* Main joins a thread that needs the lock which main holds. */
#include <pthread.h>

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *worker(void *unused) {
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void) {
    pthread_t thread;
    pthread_mutex_lock(&lock);
    pthread_create(&thread, NULL, worker, NULL);
    pthread_join(thread, NULL);
    pthread_mutex_unlock(&lock);
    return 0;
}
