// want: race
/* What is done after epoll_ctl is not. */
#include "../together.h"

#include <sys/epoll.h>
#include <unistd.h>

int x;
static int set, tube[2];
static atomic_int step;

static void registrar(void) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &x};
    epoll_ctl(set, EPOLL_CTL_ADD, tube[0], &event);
    x = 1;
    step_to(&step, 1);
}
static void waiter(void) {
    struct epoll_event event;
    while (epoll_wait(set, &event, 1, -1) != 1) {}
    step_wait_in_thread(&step, 1);
    ++*(int *)event.data.ptr;
}

int main(void) {
    set = epoll_create1(0);
    if (set < 0 || pipe(tube) || write(tube[1], "x", 1) != 1) return 1;
    together_in_threads(registrar, waiter);
    return 0;
}
