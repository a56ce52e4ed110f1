// want: none
/* A release happens before the end of the acquire that it enables. */
#include "../together.h"

#include <semaphore.h>

int x;
static sem_t sem;

static void giver(void) {
    x = 1;
    sem_post(&sem);
}
static void taker(void) {
    sem_wait(&sem);
    x++;
}

int main(void) {
    sem_init(&sem, 0, 0);
    together_in_threads(giver, taker);
    return 0;
}
