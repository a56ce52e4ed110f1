// want: race writer
// status: 0
/* The child finds a reporter of its own, and its status says so; the parent has nothing to tell. */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

int x;

static void *writer(void *unused) {
    x++;
    return unused;
}

int main(void) {
    pid_t child = fork();
    if (child == 0) {
        pthread_t a, b;
        pthread_create(&a, NULL, writer, NULL);
        pthread_create(&b, NULL, writer, NULL);
        pthread_join(a, NULL);
        pthread_join(b, NULL);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 66 ? 0 : 1;
}
