// want: none
/* What a pointer that epoll_ctl took leads to is there for who gets it from epoll_wait. */
#include "../together.h"

#include <sys/epoll.h>
#include <unistd.h>

int x;
static int set, tube[2];

static void registrar(void) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &x};
    x = 1;
    epoll_ctl(set, EPOLL_CTL_ADD, tube[0], &event);
}
static void waiter(void) {
    struct epoll_event event;
    while (epoll_wait(set, &event, 1, -1) != 1) {}
    ++*(int *)event.data.ptr;
}

int main(void) {
    set = epoll_create1(0);
    if (set < 0 || pipe(tube) || write(tube[1], "x", 1) != 1) return 1;
    together_in_threads(registrar, waiter);
    return 0;
}
