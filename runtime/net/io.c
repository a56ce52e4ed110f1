/* io.c - gr_read and gr_write. Any goroutine, any thread.
 *
 * The flags of a descriptor are its owner's: a blocking one stays so, and is asked in ways that do not
 * block. Sockets take MSG_DONTWAIT, most others RWF_NOWAIT; the rest (terminals, old kernels) is polled
 * first, then called between gr_blocking_begin and _end, in case somebody else was quicker. Files are
 * always ready, and slow at times: what is not in memory is waited for between these two as well.
 *
 * A read that got less than it asked for has emptied a stream, and another one most likely comes to
 * nothing: when that was so before, the next read waits at once, and saves the try. */
#include "runtime/net/internal.h"

#include "runtime/os/os.h"

#include <sys/socket.h>

#ifndef RWF_NOWAIT
#define RWF_NOWAIT 8
#endif

/* Of gr__descriptor.thirst: the last read was short; a try after such a one came to nothing. Above: how
 * many tries were saved; now and then one is made, to learn better. */
enum { SHORT = 1, DRY = 2, SAVED = 4 };

/* `bytes` are only read when `writing`. */
typedef struct transfer {
    gr__io io;
    char *bytes;
    size_t size;
    bool writing;
} transfer;

static uint32_t events_of(const transfer *t) { return t->writing ? EPOLLOUT : EPOLLIN; }

static long try_socket(const transfer *t, size_t done) {
    char *at = t->bytes + done;
    size_t size = t->size - done;
    return t->writing ? gr__call(SYS_sendto, t->io.fd, (long)at, (long)size, MSG_DONTWAIT, 0)
                      : gr__call(SYS_recvfrom, t->io.fd, (long)at, (long)size, MSG_DONTWAIT, 0);
}

static long try_plain(const transfer *t, size_t done) {
    struct iovec v = {t->bytes + done, t->size - done};
    long number = t->writing ? SYS_pwritev2 : SYS_preadv2;
    return gr__call_at(number, t->io.fd, &v, RWF_NOWAIT);
}

static long try_blocking(const transfer *t, size_t done) {
    gr_blocking_begin();
    long n = gr__call(t->writing ? SYS_write : SYS_read, t->io.fd, (long)(t->bytes + done),
                      (long)(t->size - done), 0, 0);
    gr_blocking_end();
    return n;
}

/* One call's worth without blocking; -EAGAIN. */
static long try_once(const transfer *t, size_t done) {
    gr__descriptor *d = t->io.descriptor;
    long n;
    bool plain = d && GR__LOAD_RELAXED(&d->plain);
    if (!plain) {
        n = try_socket(t, done);
        if (n != -ENOTSOCK) return n;
        if (d) GR__STORE_RELAXED(&d->plain, true);
    }
    n = try_plain(t, done);
    if (n != -EOPNOTSUPP && n != -ENOSYS) return n;
    if (plain) {
        n = try_socket(t, done); /* the number may be a socket's by now */
        if (n != -ENOTSOCK) return n;
    }
    if (gr__call_poll(t->io.fd, events_of(t), 0) == 0) return -EAGAIN;
    return try_blocking(t, done);
}

/* The same, waiting if need be. */
static long transfer_some(transfer *t, size_t done, bool wait_first) {
    for (;; wait_first = false) {
        long n = wait_first ? -EAGAIN : try_once(t, done);
        if (n != -EAGAIN) return n;
        int error = gr__io_wait(&t->io, events_of(t));
        if (error == -EPERM) return try_blocking(t, done);
        if (error) return error;
    }
}

static bool better_wait_first(gr__descriptor *d) {
    uint8_t thirst = d ? GR__LOAD_RELAXED(&d->thirst) : 0;
    if ((thirst & (SHORT | DRY)) != (SHORT | DRY)) return false;
    thirst = (uint8_t)(thirst + SAVED);
    GR__STORE_RELAXED(&d->thirst, thirst);
    return thirst >= SAVED;
}

static void learn(const transfer *t, long n, bool waited_first) {
    gr__descriptor *d = t->io.descriptor;
    if (!d) return;
    uint8_t old = GR__LOAD_RELAXED(&d->thirst), thirst = old;
    if (!waited_first && (thirst & SHORT))
        thirst = (uint8_t)(t->io.waited ? thirst | DRY : thirst & ~DRY);
    bool is_short = n > 0 && (size_t)n < t->size;
    thirst = (uint8_t)(is_short ? thirst | SHORT : thirst & ~SHORT);
    if (thirst != old) GR__STORE_RELAXED(&d->thirst, thirst);
}

static ssize_t result(long n) {
    if (n >= 0) return n;
    gr__os_errno_set((int)-n);
    return -1;
}

ssize_t gr_read(int fd, void *buffer, size_t size) {
    uintptr_t pc = GR__CALLER_PC;
    transfer t = {gr__io_begin(fd, pc), buffer, size, false};
    gr__descriptor *d = t.io.descriptor;
    long n;
    if (size == 0) {
        n = gr__call(SYS_read, fd, (long)buffer, 0, 0, 0);
    } else {
        bool wait_first = better_wait_first(d);
        n = transfer_some(&t, 0, wait_first);
        gr__io_end(&t.io);
        learn(&t, n, wait_first);
        /* Of a file, what was in memory is not all there is. */
        if (n > 0 && (size_t)n < size && (!d || GR__LOAD_RELAXED(&d->plain)) && gr__call_is_file(fd)) {
            long more = try_blocking(&t, (size_t)n);
            if (more > 0) n += more;
        }
    }
    if (n >= 0) gr__hook_descriptor_acquire(fd, pc);
    if (n > 0) gr__hook_write(buffer, (size_t)n, pc);
    return result(n);
}

ssize_t gr_write(int fd, const void *buffer, size_t size) {
    uintptr_t pc = GR__CALLER_PC;
    transfer t = {gr__io_begin(fd, pc), (char *)(uintptr_t)buffer, size, true};
    size_t done = 0;
    long n;
    gr__hook_read(buffer, size, pc);
    gr__hook_descriptor_release(fd, pc);
    do {
        n = transfer_some(&t, done, false);
        if (n > 0) done += (size_t)n;
    } while (n > 0 && done < size);
    gr__io_end(&t.io);
    return done ? (ssize_t)done : result(n);
}
