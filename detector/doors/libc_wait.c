/* libc_wait.c - poll, select and their like: the sets that go in and come out. Any thread.
 *
 * That a descriptor is ready orders nothing: what orders is the read that follows. */
#include "detector/doors/calls.h"
#include "detector/doors/interpose.h"
#include "detector/doors/stop.h"

#pragma GCC diagnostic ignored "-Wmissing-prototypes"

static void asks(const struct pollfd *set, nfds_t n, uintptr_t pc) {
    for (nfds_t i = 0; i < n; i++) READS(&set[i], offsetof(struct pollfd, revents));
}
static int answers(struct pollfd *set, nfds_t n, int ready, uintptr_t pc) {
    for (nfds_t i = 0; i < n && ready >= 0; i++) WRITES(&set[i].revents, sizeof set[i].revents);
    return ready;
}
GR__EXPORT int poll(struct pollfd *set, nfds_t n, int timeout) {
    HERE;
    asks(set, n, pc);
    return answers(set, n, GR__STANDING_IN(POLL, 0, pc, WAITS(REAL(poll)(set, n, timeout))), pc);
}
GR__EXPORT int __poll_chk(struct pollfd *set, nfds_t n, int timeout, size_t size) {
    HERE;
    asks(set, n, pc);
    return answers(set, n, GR__STANDING_IN(POLL, 0, pc, WAITS(REAL(__poll_chk)(set, n, timeout, size))), pc);
}
GR__EXPORT int ppoll(struct pollfd *set, nfds_t n, const struct timespec *timeout, const sigset_t *mask) {
    HERE;
    asks(set, n, pc);
    if (timeout) READS(timeout, sizeof *timeout);
    return answers(set, n, GR__STANDING_IN(POLL, 0, pc, WAITS(REAL(ppoll)(set, n, timeout, mask))), pc);
}
GR__EXPORT int __ppoll_chk(struct pollfd *set, nfds_t n, const struct timespec *timeout,
                           const sigset_t *mask, size_t size) {
    HERE;
    asks(set, n, pc);
    if (timeout) READS(timeout, sizeof *timeout);
    return answers(set, n, GR__STANDING_IN(POLL, 0, pc, WAITS(REAL(__ppoll_chk)(set, n, timeout, mask, size))), pc);
}

/* The words that hold n bits: the kernel takes them whole. */
static void set_asks(const fd_set *set, int n, uintptr_t pc) {
    if (set && n > 0) READS(set, ((size_t)n + 63) / 64 * 8);
}
static void set_answers(fd_set *set, int n, int ready, uintptr_t pc) {
    if (set && n > 0 && ready >= 0) WRITES(set, ((size_t)n + 63) / 64 * 8);
}
GR__EXPORT int select(int n, fd_set *restrict in, fd_set *restrict out, fd_set *restrict failed,
                      struct timeval *restrict timeout) {
    HERE;
    set_asks(in, n, pc);
    set_asks(out, n, pc);
    set_asks(failed, n, pc);
    if (timeout) WRITES(timeout, sizeof *timeout); /* it counts down */
    int ready = GR__STANDING_IN(SELECT_CALL, 0, pc, WAITS(REAL(select)(n, in, out, failed, timeout)));
    set_answers(in, n, ready, pc);
    set_answers(out, n, ready, pc);
    set_answers(failed, n, ready, pc);
    return ready;
}
GR__EXPORT int pselect(int n, fd_set *restrict in, fd_set *restrict out, fd_set *restrict failed,
                       const struct timespec *restrict timeout, const sigset_t *restrict mask) {
    HERE;
    set_asks(in, n, pc);
    set_asks(out, n, pc);
    set_asks(failed, n, pc);
    if (timeout) READS(timeout, sizeof *timeout);
    int ready = GR__STANDING_IN(SELECT_CALL, 0, pc, WAITS(REAL(pselect)(n, in, out, failed, timeout, mask)));
    set_answers(in, n, ready, pc);
    set_answers(out, n, ready, pc);
    set_answers(failed, n, ready, pc);
    return ready;
}
