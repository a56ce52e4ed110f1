// want: none
// args: 1000
// stdout: child 3
// stdout: bye
/* Closes every descriptor but the first three, works in a child of a fork, and leaves its last thread to end.
 * Argument 1: how much work. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static long value, amount;

static void work(void) {
    for (long i = 0; i < amount; i++) {
        value += i;
        __asm__ volatile("" ::: "memory");
    }
}
static void bye(void) { puts("bye"); }
static void *last(void *nothing) {
    work();
    return nothing;
}

int main(int argc, char **argv) {
    amount = argc > 1 ? atol(argv[1]) : 1000;
    atexit(bye);
    for (int fd = 3; fd < 256; fd++)
        if (!getenv("GORACE_SESSION")) close(fd);
    work();
    fflush(NULL);
    pid_t child = fork();
    if (!child) {
        work();
        _exit(3);
    }
    int status;
    waitpid(child, &status, 0);
    printf("child %d\n", WEXITSTATUS(status));
    pthread_t thread;
    pthread_create(&thread, NULL, last, NULL);
    pthread_exit(NULL);
}
