// want: none
/* All wait, but one of them for a descriptor that the kernel will make ready. */
#include <gorace.h>
#include <stdint.h>
#include <sys/timerfd.h>

static void wait_for_timer(int fd, gr_chan *done) {
    uint64_t times = 0;
    if (gr_read(fd, &times, sizeof times) == sizeof times) gr_send(done, &times);
}

int main(void) {
    struct itimerspec soon = {.it_value = {0, 150000000}};
    gr_chan *done = gr_make(uint64_t, 0);
    uint64_t times;
    int fd = timerfd_create(CLOCK_MONOTONIC, 0);
    if (fd < 0 || timerfd_settime(fd, 0, &soon, NULL)) return 1;
    go(wait_for_timer, fd, done);
    gr_recv(done, &times);
    return times != 1;
}
