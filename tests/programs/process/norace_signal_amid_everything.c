// want: none
/* A handler that comes while its thread is anywhere, in the detector too, does its work: whoever waits for
 * its semaphore comes after all that the thread did before. */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 1000 };
static sem_t handled;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool stop;
static atomic_long done;
long written, in_handler;

static void on_signal(int number) {
    (void)number;
    in_handler = written;
    sem_post(&handled);
}
static void *busy(void *unused) {
    for (size_t i = 0; !atomic_load(&stop); i++) {
        char *p = malloc(i % 500 + 1);
        memset(p, 1, i % 500 + 1);
        pthread_mutex_lock(&lock);
        atomic_fetch_add(&done, p[0]);
        pthread_mutex_unlock(&lock);
        free(p);
        written = (long)i; /* no one's but this thread's, and who waited for it */
    }
    return unused;
}

int main(void) {
    pthread_t thread;
    long sum = 0;
    sem_init(&handled, 0, 0);
    signal(SIGUSR1, on_signal);
    pthread_create(&thread, NULL, busy, NULL);
    for (int i = 0; i < ROUNDS; i++) {
        pthread_kill(thread, SIGUSR1);
        sem_wait(&handled);
        sum += in_handler; /* what the handler saw */
    }
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
    return sum < 0 || !done;
}
