// want: none
/* A fork while other threads allocate and lock: the child must not hang, whatever they held. */
#include <pthread.h>
#include <stdatomic.h>
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

int main(void) {
    pthread_t threads[2];
    int failed = 0;
    for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, busy, NULL);
    for (int i = 0; i < 20; i++) {
        pid_t child = fork();
        if (child == 0) {
            char *p = malloc(1000);
            memset(p, 2, 1000);
            free(p);
            _exit(p == NULL);
        }
        int status = 1;
        waitpid(child, &status, 0);
        failed |= status;
    }
    atomic_store(&stop, 1);
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    return failed;
}
