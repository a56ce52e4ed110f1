// want: none
// stdout: ^11 11 3 4$
/* Children of a program with several threads, by every way to make one: handlers of fork run, locks that they
 * hold may be given back, and the child may lock, wait for signals and start threads of its own. */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static atomic_bool stop;
int shared, prepared, forked;

static void prepare(void) {
    pthread_mutex_lock(&lock);
    prepared++;
}
static void parent(void) {
    forked++;
    pthread_mutex_unlock(&lock);
}
static void child(void) { pthread_mutex_unlock(&lock); }
static void on_signal(int number) { shared += number == SIGUSR1; }
static void *busy(void *unused) {
    while (!atomic_load(&stop)) {
        pthread_rwlock_wrlock(&rwlock);
        pthread_rwlock_unlock(&rwlock);
        pthread_mutex_lock(&lock);
        shared++;
        pthread_mutex_unlock(&lock);
    }
    return unused;
}
static void *add(void *unused) {
    shared++;
    return unused;
}
static int in_child(void) {
    pthread_t thread;
    struct sigaction action = {.sa_handler = on_signal};
    shared = 0;
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    sigaction(SIGUSR1, &action, NULL);
    raise(SIGUSR1);
    pthread_create(&thread, NULL, add, NULL);
    pthread_join(thread, NULL);
    return shared == 2 ? 3 : 1;
}
static int status_of(pid_t process) {
    int status = -1;
    waitpid(process, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(void) {
    pthread_t threads[2];
    char *arguments[] = {"sh", "-c", "exit 3", NULL};
    int failed = 0;
    for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, busy, NULL);
    pthread_atfork(prepare, parent, child);
    for (int i = 0; i < 11; i++) {
        pid_t process = fork();
        if (process == 0) _exit(in_child());
        failed |= status_of(process) != 3;
    }
    pid_t process = _Fork();
    if (process == 0) _exit(4);
    int status = status_of(process);
    atomic_store(&stop, true);
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    if (posix_spawnp(&process, "sh", NULL, NULL, arguments, environ)) return 1;
    printf("%d %d %d %d\n", prepared, forked, status_of(process), status);
    return failed;
}
