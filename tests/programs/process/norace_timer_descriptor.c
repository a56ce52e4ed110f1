// want: none
/* Who reads that a timer's time has come comes after who set it. */
#include "../together.h"

#include <stdint.h>
#include <sys/timerfd.h>
#include <unistd.h>

int x;
static int timer;

static void setter(void) {
    struct itimerspec soon = {{0, 0}, {0, 1000000}};
    x = 1;
    timerfd_settime(timer, 0, &soon, NULL);
}
static void reader(void) {
    uint64_t times;
    if (read(timer, &times, sizeof times) == sizeof times) x++;
}

int main(void) {
    timer = timerfd_create(CLOCK_MONOTONIC, 0);
    if (timer < 0) return 1;
    together_in_threads(setter, reader);
    return x != 2;
}
