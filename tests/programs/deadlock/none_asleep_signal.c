// want: none
/* All wait, but a handler of a signal posts the semaphore. */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>

static sem_t sem;

static void on_alarm(int number) {
    (void)number;
    sem_post(&sem);
}
static void *waiter(void *unused) {
    while (sem_wait(&sem) != 0) {}
    return unused;
}

int main(void) {
    pthread_t thread;
    struct itimerval soon = {.it_value = {0, 300000}};
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_alarm;
    sem_init(&sem, 0, 0);
    sigaction(SIGALRM, &action, NULL);
    pthread_create(&thread, NULL, waiter, NULL);
    setitimer(ITIMER_REAL, &soon, NULL);
    return pthread_join(thread, NULL);
}
