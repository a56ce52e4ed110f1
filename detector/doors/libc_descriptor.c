/* libc_descriptor.c - pipes, sockets, event descriptors and epoll as carriers of happens-before. Any
 * thread; entries are atomic.
 *
 * Whoever reads comes after whoever wrote before, and that is more than the bytes say: writes by several
 * are not told apart. Both ends of a pipe or a pair are one carrier. The ends of other sockets can't be
 * matched, so they all are one; so are descriptors of signals. What is neither (files, terminals) carries nothing. */
#include "detector/doors/interpose.h"

enum { DESCRIPTORS = 1 << 16, CARRIERS = 1 << 18, NONE = 0, SOCKETS = 1, SIGNALS = 2, FIRST = 3 };

static uint32_t carrier_of[DESCRIPTORS]; /* atomic: index into carriers */
static uint64_t carriers[CARRIERS];      /* never touched: their addresses are the engine's objects */
static uint32_t made;                    /* atomic: past the last they begin again, and share */

static uint32_t fresh(void) { return FIRST + (GR__ADD(&made, 1) - 1) % (CARRIERS - FIRST); }

static uint32_t get(int fd) {
    return fd >= 0 && fd < DESCRIPTORS ? GR__LOAD_RELAXED(&carrier_of[fd]) : NONE;
}
static void set(int fd, uint32_t carrier) {
    if (fd >= 0 && fd < DESCRIPTORS) GR__STORE_RELAXED(&carrier_of[fd], carrier);
}

void gr__descriptor_from(int fd, uintptr_t pc) {
    uint32_t c = get(fd);
    if (c) GR__SYNC_FROM(DESCRIPTOR, &carriers[c], pc);
}
void gr__descriptor_to(int fd, uintptr_t pc) {
    uint32_t c = get(fd);
    if (c) GR__SYNC_TO(DESCRIPTOR, &carriers[c], pc);
}

void gr__descriptor_signal(uintptr_t pc) { GR__SYNC_FROM(DESCRIPTOR, &carriers[SIGNALS], pc); }

void gr__descriptor_accepted(int listener, int fd, uintptr_t pc) {
    gr__descriptor_to(listener, pc);
    set(fd, SOCKETS);
}

static int pair(int status, const int *fds) {
    if (status == 0) {
        uint32_t c = fresh();
        set(fds[0], c);
        set(fds[1], c);
    }
    return status;
}
static int one(int fd, uint32_t carrier) {
    set(fd, carrier);
    return fd;
}

GR__EXPORT int pipe(int fds[2]) { return pair(REAL(pipe)(fds), fds); }
GR__EXPORT int pipe2(int fds[2], int flags) { return pair(REAL(pipe2)(fds, flags), fds); }
GR__EXPORT int socketpair(int domain, int type, int protocol, int fds[2]) {
    return pair(REAL(socketpair)(domain, type, protocol, fds), fds);
}
GR__EXPORT int eventfd(unsigned value, int flags) { return one(REAL(eventfd)(value, flags), fresh()); }
GR__EXPORT int signalfd(int fd, const sigset_t *signals, int flags) {
    return one(REAL(signalfd)(fd, signals, flags), SIGNALS);
}
GR__EXPORT int timerfd_create(clockid_t clock, int flags) {
    return one(REAL(timerfd_create)(clock, flags), fresh());
}
/* Who reads that its time has come comes after who set it. */
GR__EXPORT int timerfd_settime(int fd, int flags, const struct itimerspec *when, struct itimerspec *old) {
    gr__descriptor_from(fd, PLACE);
    return REAL(timerfd_settime)(fd, flags, when, old);
}
GR__EXPORT int socket(int domain, int type, int protocol) {
    return one(REAL(socket)(domain, type, protocol), SOCKETS);
}
GR__EXPORT int accept(int fd, struct sockaddr *restrict from, socklen_t *restrict length) {
    int got = REAL(accept)(fd, from, length);
    if (got >= 0) gr__descriptor_accepted(fd, got, PLACE);
    return got;
}
GR__EXPORT int accept4(int fd, struct sockaddr *restrict from, socklen_t *restrict length, int flags) {
    int got = REAL(accept4)(fd, from, length, flags);
    if (got >= 0) gr__descriptor_accepted(fd, got, PLACE);
    return got;
}
GR__EXPORT int dup(int fd) { return one(REAL(dup)(fd), get(fd)); }
GR__EXPORT int dup2(int fd, int to) { return one(REAL(dup2)(fd, to), get(fd)); }
GR__EXPORT int dup3(int fd, int to, int flags) { return one(REAL(dup3)(fd, to, flags), get(fd)); }

/* The reader of the end comes after who closed. The entry goes first: the number may be another's as
 * soon as the real call returns. */
GR__EXPORT int close(int fd) {
    gr__descriptor_from(fd, PLACE);
    set(fd, NONE);
    return REAL(close)(fd);
}

/* --- epoll: what epoll_ctl leaves with the kernel, a pointer mostly, epoll_wait gives back --- */

static const void *set_of(int fd) { return &carrier_of[(unsigned)fd % DESCRIPTORS]; }

GR__EXPORT int epoll_ctl(int fd, int operation, int about, struct epoll_event *event) {
    GR__SYNC_FROM(EPOLL, set_of(fd), PLACE);
    return REAL(epoll_ctl)(fd, operation, about, event);
}
GR__EXPORT int epoll_wait(int fd, struct epoll_event *events, int most, int timeout) {
    int n = REAL(epoll_wait)(fd, events, most, timeout);
    if (n > 0) GR__SYNC_TO(EPOLL, set_of(fd), PLACE);
    return n;
}
GR__EXPORT int epoll_pwait(int fd, struct epoll_event *events, int most, int timeout,
                           const sigset_t *mask) {
    int n = REAL(epoll_pwait)(fd, events, most, timeout, mask);
    if (n > 0) GR__SYNC_TO(EPOLL, set_of(fd), PLACE);
    return n;
}
