// want: none
/* All wait, but a timer calls back on a thread that libc makes. */
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <time.h>

static sem_t sem;

static void call_back(union sigval unused) {
    (void)unused;
    sem_post(&sem);
}

int main(void) {
    struct sigevent event;
    struct itimerspec soon = {.it_value = {0, 300000000}};
    timer_t timer;
    memset(&event, 0, sizeof event);
    event.sigev_notify = SIGEV_THREAD;
    event.sigev_notify_function = call_back;
    sem_init(&sem, 0, 0);
    if (timer_create(CLOCK_MONOTONIC, &event, &timer)) return 1;
    timer_settime(timer, 0, &soon, NULL);
    sem_wait(&sem);
    return timer_delete(timer);
}
