// want: none
/* One waits for a condition, another reads from a pipe, into which a child writes. */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static int ends[2], came;

static void *reader(void *unused) {
    char byte;
    if (read(ends[0], &byte, 1) != 1) return unused;
    pthread_mutex_lock(&lock);
    came = 1;
    pthread_cond_signal(&cond);
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void) {
    pthread_t thread;
    if (pipe(ends)) return 1;
    pid_t child = fork();
    if (child == 0) {
        usleep(300000);
        _exit(write(ends[1], "x", 1) != 1);
    }
    pthread_create(&thread, NULL, reader, NULL);
    pthread_mutex_lock(&lock);
    while (!came) pthread_cond_wait(&cond, &lock);
    pthread_mutex_unlock(&lock);
    pthread_join(thread, NULL);
    return waitpid(child, NULL, 0) != child;
}
