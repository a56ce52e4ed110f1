// want: race prepare
// status: 66
/* What fork calls in the parent is done by who forks. */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

int x;

static void prepare(void) { x++; }
static void *writer(void *unused) {
    x++;
    return unused;
}

int main(void) {
    pthread_t thread;
    pthread_atfork(prepare, NULL, NULL);
    pthread_create(&thread, NULL, writer, NULL);
    pid_t child = fork();
    if (child == 0) _exit(0);
    waitpid(child, NULL, 0);
    pthread_join(thread, NULL);
    return 0;
}
