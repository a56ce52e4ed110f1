// want: none
/* Thousands of threads one after the other, joined and detached, on stacks that are used again. */
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

static sem_t ended;

static void *use_stack(void *value) {
    volatile char room[4096];
    for (size_t i = 0; i < sizeof room; i++) room[i] = (char)i;
    if (value) ++*(int *)value;
    else sem_post(&ended);
    return NULL;
}

int main(void) {
    int value = 0;
    sem_init(&ended, 0, 0);
    for (int i = 0; i < 1000; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, use_stack, &value);
        pthread_join(thread, NULL);
        pthread_create(&thread, NULL, use_stack, NULL);
        pthread_detach(thread);
        sem_wait(&ended);
    }
    return value != 1000;
}
