// want: none
/* A timer's callback comes after who set the timer, on a thread that libc made. */
#include "../together.h"

#include <semaphore.h>
#include <signal.h>
#include <time.h>

int x, rounds;
static sem_t called;

static void on_timer(union sigval value) {
    x++;
    *(int *)value.sival_ptr += 1;
    sem_post(&called);
}

int main(void) {
    struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = on_timer,
                             .sigev_value.sival_ptr = &rounds};
    struct itimerspec soon = {.it_value.tv_nsec = 1000000};
    timer_t timer;
    sem_init(&called, 0, 0);
    if (timer_create(CLOCK_MONOTONIC, &event, &timer)) return 1;
    for (int i = 0; i < 3; i++) {
        x++;
        timer_settime(timer, 0, &soon, NULL);
        sem_wait(&called);
    }
    timer_delete(timer);
    return x != 6 || rounds != 3;
}
