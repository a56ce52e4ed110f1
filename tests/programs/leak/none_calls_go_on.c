// want: none
// stdout: ^no call was cut short$
/* Threads stand still while leaks are looked for, and no call of theirs notices. */
#include "lost.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LARGE = 1 << 20, MS = 400 };

static int full[2], empty[2], sockets[2];
static char large[LARGE];

static bool sleeps(void) {
    struct timespec time = {0, MS * 1000000l};
    return nanosleep(&time, NULL) == 0;
}
static bool polls(void) {
    struct pollfd one = {empty[0], POLLIN, 0};
    return poll(&one, 1, MS) == 0;
}
static bool selects(void) {
    fd_set set;
    struct timeval time = {0, MS * 1000l};
    FD_ZERO(&set);
    FD_SET(empty[0], &set);
    return select(empty[0] + 1, &set, NULL, NULL, &time) == 0;
}
static bool waits_for_epoll(void) {
    struct epoll_event e = {EPOLLIN, {.fd = 0}};
    int fd = epoll_create1(0);
    bool good = epoll_ctl(fd, EPOLL_CTL_ADD, empty[0], &e) == 0 && epoll_wait(fd, &e, 1, MS) == 0;
    close(fd);
    return good;
}
static bool waits_for_semaphore(void) {
    sem_t sem;
    struct timespec until;
    sem_init(&sem, 0, 0);
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 1;
    return sem_timedwait(&sem, &until) == -1 && errno == ETIMEDOUT;
}
static bool writes_all(void) { return write(full[1], large, LARGE) == LARGE; }
static bool receives_all(void) { return recv(sockets[0], large, 1000, MSG_WAITALL) == 1000; }
static bool computes(void) {
    volatile unsigned n = 0;
    while (n < 50000000) n++;
    return true;
}

static bool (*const calls[])(void) = {
    sleeps,     polls,        selects, waits_for_epoll, waits_for_semaphore,
    writes_all, receives_all, computes};
enum { CALLS = sizeof calls / sizeof calls[0] };

static int running = CALLS, bad;

static void *run(void *call) {
    if (!(*(bool (*const *)(void))call)()) {
        printf("call %ld was cut short\n", (long)((bool (*const *)(void))call - calls));
        ADD(bad, 1);
    }
    ADD(running, -1);
    return NULL;
}

static void *serve(void *nothing) {
    static char some[4096];
    for (int left = LARGE; left > 0;) {
        usleep(1000);
        left -= (int)read(full[0], some, sizeof some);
    }
    for (int i = 0; i < 10; i++) {
        usleep(10000);
        if (send(sockets[1], some, 100, 0) != 100) abort();
    }
    return nothing;
}

int main(void) {
    pthread_t threads[CALLS + 1];
    if (pipe(full) || pipe(empty) || socketpair(AF_UNIX, SOCK_STREAM, 0, sockets)) abort();
    for (size_t i = 0; i < CALLS; i++) pthread_create(&threads[i], NULL, run, (void *)&calls[i]);
    pthread_create(&threads[CALLS], NULL, serve, NULL);
    while (LOAD(running)) {
        gr_check_leaks();
        usleep(2000);
    }
    for (size_t i = 0; i <= CALLS; i++) pthread_join(threads[i], NULL);
    if (!LOAD(bad)) printf("no call was cut short\n");
    return 0;
}
