// want: none
/* Threads that stand in calls; says `ready` once each of them sleeps there. A dump shows them. */
#include <gorace.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int ends[2];
static sem_t sem;
static int tids[4]; /* atomic */

static void begin(int i) { __atomic_store_n(&tids[i], (int)syscall(SYS_gettid), __ATOMIC_RELAXED); }

static void *reads(void *unused) {
    char byte;
    begin(0);
    return read(ends[0], &byte, 1) == 1 ? &ends : unused;
}
static void *sleeps(void *unused) {
    struct timespec long_time = {100, 0};
    begin(1);
    nanosleep(&long_time, NULL);
    return unused;
}
static void *waits(void *unused) {
    begin(2);
    sem_wait(&sem);
    return unused;
}
static void waits_as_goroutine(void) {
    begin(3);
    sem_wait(&sem);
}

static void wait_until_asleep(int i) {
    char path[64], text[256];
    for (;; usleep(1000)) {
        int tid = __atomic_load_n(&tids[i], __ATOMIC_RELAXED);
        snprintf(path, sizeof path, "/proc/self/task/%d/stat", tid);
        FILE *in = tid ? fopen(path, "r") : NULL;
        size_t n = in ? fread(text, 1, sizeof text - 1, in) : 0;
        if (in) fclose(in);
        text[n] = 0;
        if (strstr(text, ") S ")) return;
    }
}

int main(int count, char **arguments) {
    pthread_t thread;
    if (count > 1 && strcmp(arguments[1], "wait") != 0) return 1;
    if (count == 1) return 0;
    if (pipe(ends)) return 1;
    sem_init(&sem, 0, 0);
    pthread_create(&thread, NULL, reads, NULL);
    pthread_create(&thread, NULL, sleeps, NULL);
    pthread_create(&thread, NULL, waits, NULL);
    go(waits_as_goroutine);
    for (int i = 0; i < 4; i++) wait_until_asleep(i);
    puts("ready");
    fflush(stdout);
    gr_recv(NULL, NULL);
    return 0;
}
