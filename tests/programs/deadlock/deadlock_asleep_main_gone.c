// want: deadlock
// stderr: ^fatal error: all goroutines are asleep - deadlock!$
// stderr: ^thread T1 \[sem_wait\]:$
/* Main has ended, and left a thread that waits. */
#include <pthread.h>
#include <semaphore.h>

static sem_t sem;

static void *waiter(void *unused) {
    sem_wait(&sem);
    return unused;
}

int main(void) {
    pthread_t thread;
    sem_init(&sem, 0, 0);
    pthread_create(&thread, NULL, waiter, NULL);
    pthread_exit(NULL);
}
