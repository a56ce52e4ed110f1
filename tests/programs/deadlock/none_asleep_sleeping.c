// want: none
/* All wait, but one of them for a time. */
#include <pthread.h>
#include <semaphore.h>
#include <time.h>
#include <unistd.h>

static sem_t sem;

static void *late(void *unused) {
    usleep(300000);
    sem_post(&sem);
    return unused;
}

int main(void) {
    pthread_t thread;
    sem_init(&sem, 0, 0);
    pthread_create(&thread, NULL, late, NULL);
    sem_wait(&sem);
    return pthread_join(thread, NULL);
}
