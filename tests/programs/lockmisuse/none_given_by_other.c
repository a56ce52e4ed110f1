// want: none
/* Semaphores, and mutexes of goroutines, may be given by others. */
#include <semaphore.h>
#include "../lockorder/turns.h"


gr_mutex lock;
gr_rwmutex shared;
sem_t semaphore;

static void first(void) {
    gr_mutex_lock(&lock);
    gr_rwmutex_rlock(&shared);
    sem_wait(&semaphore);
}
static void second(void) {
    gr_mutex_unlock(&lock);
    gr_rwmutex_runlock(&shared);
    sem_post(&semaphore);
}

int main(void) {
    sem_init(&semaphore, 0, 1);
    goroutines_in_turn(first, second, first, second);
}
