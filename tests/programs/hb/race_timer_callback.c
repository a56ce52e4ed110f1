// want: race on_timer
/* What is done after the timer was set is not ordered with its callback. */
#include "../together.h"

#include <signal.h>
#include <time.h>

int x;
static atomic_int set, called;

static void on_timer(union sigval value) {
    (void)value;
    step_wait_in_thread(&set, 1);
    x++;
    step_to(&called, 1);
}

int main(void) {
    struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = on_timer};
    struct itimerspec soon = {.it_value.tv_nsec = 1000000};
    timer_t timer;
    if (timer_create(CLOCK_MONOTONIC, &event, &timer)) return 1;
    timer_settime(timer, 0, &soon, NULL);
    x = 1;
    step_to(&set, 1);
    step_wait_in_thread(&called, 1);
    timer_delete(timer);
    return 0;
}
