// want: none
/* Every way to take a semaphore; one that has a name is the same under all of its addresses. */
#define _GNU_SOURCE
#include "../together.h"

#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

int x[5];
static sem_t sem;
static char name[64];

static void giver(void) {
    sem_t *named = sem_open(name, O_CREAT, 0600, 0);
    for (int i = 0; i < 5; i++) {
        x[i] = 1;
        sem_post(i < 4 ? &sem : named);
    }
    sem_close(named);
}
static void taker(void) {
    struct timespec until, monotonic;
    clock_gettime(CLOCK_REALTIME, &until);
    clock_gettime(CLOCK_MONOTONIC, &monotonic);
    until.tv_sec += 1000;
    monotonic.tv_sec += 1000;
    while (sem_trywait(&sem)) sched_yield();
    x[0]++;
    while (sem_timedwait(&sem, &until)) {}
    x[1]++;
    while (sem_clockwait(&sem, CLOCK_MONOTONIC, &monotonic)) {}
    x[2]++;
    while (sem_wait(&sem)) {}
    x[3]++;
    sem_t *named = sem_open(name, O_CREAT, 0600, 0);
    while (sem_wait(named)) {}
    x[4]++;
    sem_close(named);
}

int main(void) {
    snprintf(name, sizeof name, "/gorace-test-%d", (int)getpid());
    sem_init(&sem, 0, 0);
    sem_t *named = sem_open(name, O_CREAT | O_EXCL, 0600, 0);
    together_in_threads(giver, taker);
    sem_close(named);
    sem_unlink(name);
    for (int i = 0; i < 5; i++)
        if (x[i] != 2) return 1;
    return 0;
}
