// want: none
// args: 60
// full: 2000
/* Forks among threads that lock and allocate: children that work and end, that fork again, that become another
 * program, that make threads of their own, that die. Whoever waits gets the status that the child had. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static atomic_int stop;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
long shared;

static void *busy(void *unused) {
    while (!atomic_load(&stop)) {
        char *p = malloc(100);
        memset(p, 1, 100);
        pthread_mutex_lock(&lock);
        shared += p[7];
        pthread_mutex_unlock(&lock);
        free(p);
    }
    return unused;
}
static void *count(void *counter) {
    for (int i = 0; i < 1000; i++) ++*(int *)counter;
    return NULL;
}

static int in_child(int how) {
    char *p = malloc(5000);
    memset(p, how, 5000);
    free(p);
    if (how == 1) {
        pid_t child = fork();
        if (child == 0) _exit(3);
        int status;
        return waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 3 ? 1 : 99;
    }
    if (how == 2) execl("/bin/sh", "sh", "-c", "exit 2", (char *)NULL);
    if (how == 3) {
        pthread_t thread;
        int counter = 0;
        if (pthread_create(&thread, NULL, count, &counter)) return 99;
        pthread_join(thread, NULL);
        return counter == 1000 ? 3 : 99;
    }
    if (how == 4) raise(SIGKILL);
    return how;
}

int main(int argc, char **argv) {
    int forks = argc > 1 ? atoi(argv[1]) : 60;
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, busy, NULL);
    for (int i = 0; i < forks; i++) {
        pid_t child = fork();
        if (child < 0) return 1;
        if (child == 0) _exit(in_child(i % 5));
        int status = 0;
        if (waitpid(child, &status, 0) != child) return 1;
        if (i % 5 == 4 ? WTERMSIG(status) != SIGKILL : WEXITSTATUS(status) != i % 5) {
            printf("child %d: status %x\n", i % 5, (unsigned)status);
            return 1;
        }
    }
    atomic_store(&stop, 1);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    return 0;
}
