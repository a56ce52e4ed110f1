// want: race writer
// stdout: ^no child, no signal$
/* A report starts no child that the program could see: not by wait, not by SIGCHLD. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

int x;
static volatile sig_atomic_t signals;

static void on_child(int number) {
    (void)number;
    signals++;
}
static void *writer(void *unused) {
    x++;
    return unused;
}

int main(void) {
    pthread_t a, b;
    signal(SIGCHLD, on_child);
    pthread_create(&a, NULL, writer, NULL);
    pthread_create(&b, NULL, writer, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    if (wait(NULL) == -1 && errno == ECHILD && !signals) puts("no child, no signal");
    return 0;
}
