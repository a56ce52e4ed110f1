// want: race setter
/* What is done after a timer was set is not ordered with who reads it. */
#include "../together.h"

#include <stdint.h>
#include <sys/timerfd.h>
#include <unistd.h>

int x;
static int timer;
static atomic_int set;

static void setter(void) {
    struct itimerspec soon = {{0, 0}, {0, 1000000}};
    timerfd_settime(timer, 0, &soon, NULL);
    x = 1;
    step_to(&set, 1);
}
static void reader(void) {
    uint64_t times;
    if (read(timer, &times, sizeof times) != sizeof times) return;
    step_wait_in_thread(&set, 1);
    x++;
}

int main(void) {
    timer = timerfd_create(CLOCK_MONOTONIC, 0);
    if (timer < 0) return 1;
    together_in_threads(setter, reader);
    return 0;
}
