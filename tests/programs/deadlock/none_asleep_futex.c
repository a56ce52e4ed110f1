// want: none
/* A thread waits by the kernel's own means, with a limit, and then goes on. */
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static sem_t sem;

static void *late(void *unused) {
    static int word;
    struct timespec limit = {0, 300000000};
    syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &limit, NULL, 0);
    sem_post(&sem);
    return unused;
}

int main(void) {
    pthread_t thread;
    sem_init(&sem, 0, 0);
    pthread_create(&thread, NULL, late, NULL);
    sem_wait(&sem);
    return pthread_join(thread, NULL);
}
