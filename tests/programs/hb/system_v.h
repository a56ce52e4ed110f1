/* system_v.h - two semaphores, one of which is up, and a queue. */
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <time.h>

static int semaphore, full, queue;
static struct sembuf up = {0, 1, 0}, down = {0, -1, 0}, zero = {0, 0, 0}, first = {0, 1, 0};
static struct { long type; char text[4]; } text = {1, "abc"}, got;

static void check(int done) {
    if (!done) abort();
}

#define WAYS "system_v.def"
#include "ways.h"

int main(void) {
    semaphore = semget(IPC_PRIVATE, 1, 0600);
    full = semget(IPC_PRIVATE, 1, 0600);
    queue = msgget(IPC_PRIVATE, 0600);
    int failed = semaphore < 0 || full < 0 || queue < 0 || semop(full, &first, 1);
    if (!failed) together_in_threads(giver, taker);
    semctl(semaphore, 0, IPC_RMID);
    semctl(full, 0, IPC_RMID);
    msgctl(queue, IPC_RMID, NULL);
    return failed;
}
