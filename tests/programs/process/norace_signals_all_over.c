// want: none
/* Signals that come in the middle of everything, and a handler that uses memory, locks nothing up. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

static atomic_long caught;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
long shared;

static void on_alarm(int number) {
    char text[32];
    (void)number;
    memset(text, 1, sizeof text);
    atomic_fetch_add(&caught, text[5]);
}
static void *busy(void *unused) {
    for (int i = 0; i < 20000 || atomic_load(&caught) < 50; i++) {
        char *p = malloc((size_t)(i % 1000) + 1);
        memset(p, 1, (size_t)(i % 1000) + 1);
        pthread_mutex_lock(&lock);
        shared += p[0];
        pthread_mutex_unlock(&lock);
        free(p);
    }
    return unused;
}

int main(void) {
    pthread_t threads[3];
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    struct itimerval often = {{0, 500}, {0, 500}};
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, busy, NULL);
    for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
    return 0;
}
