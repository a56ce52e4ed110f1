/* socket.c - gr_accept, gr_connect, gr_wait_fd. Any goroutine, any thread.
 *
 * accept and connect know no way not to block but the descriptor's own flag. A blocking one is polled
 * before accept; connect on a blocking one blocks its thread, and others go on on another. */
#include "runtime/net/internal.h"

#include "runtime/os/os.h"

#include <fcntl.h>
#include <sys/socket.h>

static bool blocks(int fd) {
    long flags = GR__CALL(fcntl, fd, F_GETFL, 0, 0, 0);
    return flags >= 0 && !(flags & O_NONBLOCK);
}

static int result(long n) {
    if (n >= 0) return (int)n;
    gr__os_errno_set((int)-n);
    return -1;
}

static bool listens(int fd) {
    int yes = 0;
    socklen_t size = sizeof yes;
    return GR__CALL(getsockopt, fd, SOL_SOCKET, SO_ACCEPTCONN, &yes, &size) == 0 && yes;
}

/* What does not listen need not be waited for: the call fails. */
static long try_accept(int fd, bool blocking, struct sockaddr *address, unsigned *length) {
    if (!blocking) return GR__CALL(accept4, fd, address, length, 0, 0);
    if (gr__call_poll(fd, EPOLLIN, 0) == 0 && listens(fd)) return -EAGAIN;
    gr_blocking_begin();
    long n = GR__CALL(accept4, fd, address, length, 0, 0);
    gr_blocking_end();
    return n;
}

int gr_accept(int fd, struct sockaddr *address, unsigned *length) {
    uintptr_t pc = GR__CALLER_PC;
    gr__io io = gr__io_begin(fd, pc);
    bool blocking = blocks(fd);
    long n;
    while ((n = try_accept(fd, blocking, address, length)) == -EAGAIN) {
        int error = gr__io_wait(&io, EPOLLIN);
        if (!error) continue;
        n = error;
        break;
    }
    gr__io_end(&io);
    if (n >= 0) gr__hook_descriptor_accepted(fd, (int)n, pc);
    return result(n);
}

/* What became of a connection that was on its way; -EINPROGRESS: nothing yet. */
static long connected(int fd) {
    int error = 0;
    socklen_t size = sizeof error;
    long n = GR__CALL(getsockopt, fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (n < 0 || error) return n < 0 ? n : -error;
    struct sockaddr_storage peer;
    size = sizeof peer;
    n = GR__CALL(getpeername, fd, &peer, &size, 0, 0);
    return n == -ENOTCONN ? -EINPROGRESS : n;
}

static long connect_parked(gr__io *io, const struct sockaddr *address, unsigned length) {
    long n;
    /* A local socket whose peer's backlog is full says so, and no event tells when it is not. */
    while ((n = GR__CALL(connect, io->fd, address, length, 0, 0)) == -EAGAIN)
        gr_sleep(GR_MILLISECOND);
    while (n == -EINPROGRESS || n == -EALREADY) {
        int error = gr__io_wait(io, EPOLLOUT);
        n = error ? error : connected(io->fd);
    }
    gr__io_end(io);
    return n;
}

int gr_connect(int fd, const struct sockaddr *address, unsigned length) {
    uintptr_t pc = GR__CALLER_PC;
    gr__io io = gr__io_begin(fd, pc);
    long n;
    gr__hook_descriptor_release(fd, pc);
    if (blocks(fd)) {
        gr_blocking_begin();
        n = GR__CALL(connect, fd, address, length, 0, 0);
        gr_blocking_end();
    } else {
        n = connect_parked(&io, address, length);
    }
    return result(n);
}

int gr_wait_fd(int fd, int events, gr_duration timeout) {
    uintptr_t pc = GR__CALLER_PC;
    gr__io io = gr__io_begin(fd, pc);
    int has;
    if (timeout >= 0) {
        uint64_t now = gr__os_now();
        io.until = now + (uint64_t)timeout;
    }
    while ((has = gr__call_poll(fd, (uint32_t)events, 0)) == 0 && timeout) {
        int error = gr__io_wait(&io, (uint32_t)events);
        if (!error) continue;
        if (error != -ETIMEDOUT) has = error;
        break;
    }
    gr__io_end(&io);
    if (has > 0 && (has & POLLNVAL)) has = -EBADF;
    if (has > 0 && (has & (POLLIN | POLLHUP))) gr__hook_descriptor_acquire(fd, pc);
    return result(has);
}
