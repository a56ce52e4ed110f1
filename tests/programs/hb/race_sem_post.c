// want: race
/* What follows the release is not ordered with the one who acquired. */
#include "../together.h"

#include <semaphore.h>

int x;
static sem_t sem;

static void giver(void) {
    sem_post(&sem);
    x = 1;
}
static void taker(void) {
    sem_wait(&sem);
    x = 2;
}

int main(void) {
    sem_init(&sem, 0, 0);
    together_in_threads(giver, taker);
    return 0;
}
