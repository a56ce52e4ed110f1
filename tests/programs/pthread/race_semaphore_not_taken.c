// want: race two
/* A semaphore that is not to be had orders nothing, and neither does another one. */
#define _GNU_SOURCE
#include "../together.h"

#include <semaphore.h>

int x;
static sem_t sem, other;
static atomic_int step;

static void one(void) {
    x = 1;
    sem_post(&other);
    step_to(&step, 1);
}
static void two(void) {
    struct timespec past = {1, 0};
    int value;
    step_wait_in_thread(&step, 1);
    sem_trywait(&sem);
    sem_timedwait(&sem, &past);
    sem_clockwait(&sem, CLOCK_MONOTONIC, &past);
    sem_getvalue(&other, &value);
    x++;
}

int main(void) {
    sem_init(&sem, 0, 0);
    sem_init(&other, 0, 0);
    together_in_threads(one, two);
    return 0;
}
