/* libc_io.c - the memory that files and sockets are read into and written from, and the edges that these
 * carry. Any thread. */
#include "detector/doors/calls.h"
#include "detector/doors/interpose.h"
#include "detector/doors/stop.h"

#include <sys/sendfile.h>

#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wnonnull-compare"

static ssize_t filled(void *buffer, ssize_t n, uintptr_t pc) {
    if (n > 0) gr__write_range(buffer, (size_t)n, pc);
    return n;
}

/* From what may carry happens-before: its end counts too. */
static ssize_t came(int fd, void *buffer, ssize_t n, uintptr_t pc) {
    if (n >= 0) gr__descriptor_to(fd, pc);
    return filled(buffer, n, pc);
}
static void goes(int fd, const void *buffer, size_t n, uintptr_t pc) {
    gr__read_range(buffer, n, pc);
    gr__descriptor_from(fd, pc);
}

/* The buffers of a scattered read or write, as far as n bytes go. */
static void each_buffer(const struct iovec *v, size_t count, size_t n, bool write, uintptr_t pc) {
    for (size_t i = 0; i < count && n; i++) {
        size_t part = v[i].iov_len < n ? v[i].iov_len : n;
        if (write) gr__write_range(v[i].iov_base, part, pc);
        else gr__read_range(v[i].iov_base, part, pc);
        n -= part;
    }
}

GR__EXPORT ssize_t read(int fd, void *buffer, size_t n) {
    return came(fd, buffer, GR__STANDING_IN(READ, fd, PLACE, WAITS(REAL(read)(fd, buffer, n))), PLACE);
}
GR__EXPORT ssize_t pread(int fd, void *buffer, size_t n, off_t at) {
    return filled(buffer, REAL(pread)(fd, buffer, n, at), PLACE);
}
GR__EXPORT ssize_t pread64(int fd, void *buffer, size_t n, off64_t at) {
    return filled(buffer, REAL(pread64)(fd, buffer, n, at), PLACE);
}
GR__EXPORT ssize_t recv(int fd, void *buffer, size_t n, int flags) {
    return came(fd, buffer, GR__STANDING_IN(READ, fd, PLACE, WAITS(REAL(recv)(fd, buffer, n, flags))), PLACE);
}
GR__EXPORT ssize_t recvfrom(int fd, void *restrict buffer, size_t n, int flags,
                            struct sockaddr *restrict from, socklen_t *restrict length) {
    socklen_t room = from && length ? *length : 0;
    ssize_t got = GR__STANDING_IN(READ, fd, PLACE, WAITS(REAL(recvfrom)(fd, buffer, n, flags, from, length)));
    came(fd, buffer, got, PLACE);
    if (got >= 0 && room) gr__address_told(from, room, length, PLACE);
    return got;
}
GR__EXPORT ssize_t write(int fd, const void *buffer, size_t n) {
    goes(fd, buffer, n, PLACE);
    return WAITS(REAL(write)(fd, buffer, n));
}
GR__EXPORT ssize_t pwrite(int fd, const void *buffer, size_t n, off_t at) {
    gr__read_range(buffer, n, PLACE);
    return REAL(pwrite)(fd, buffer, n, at);
}
GR__EXPORT ssize_t pwrite64(int fd, const void *buffer, size_t n, off64_t at) {
    gr__read_range(buffer, n, PLACE);
    return REAL(pwrite64)(fd, buffer, n, at);
}
GR__EXPORT ssize_t send(int fd, const void *buffer, size_t n, int flags) {
    goes(fd, buffer, n, PLACE);
    return WAITS(REAL(send)(fd, buffer, n, flags));
}
GR__EXPORT ssize_t sendto(int fd, const void *buffer, size_t n, int flags,
                          const struct sockaddr *to, socklen_t length) {
    if (to) gr__read_range(to, length, PLACE);
    goes(fd, buffer, n, PLACE);
    return WAITS(REAL(sendto)(fd, buffer, n, flags, to, length));
}

/* --- the same with the size of the buffer, from _FORTIFY_SOURCE --- */

GR__EXPORT ssize_t __read_chk(int fd, void *buffer, size_t n, size_t room) {
    return came(fd, buffer, GR__STANDING_IN(READ, fd, PLACE, WAITS(REAL(__read_chk)(fd, buffer, n, room))), PLACE);
}
GR__EXPORT ssize_t __pread_chk(int fd, void *buffer, size_t n, off_t at, size_t room) {
    return filled(buffer, REAL(__pread_chk)(fd, buffer, n, at, room), PLACE);
}
GR__EXPORT ssize_t __pread64_chk(int fd, void *buffer, size_t n, off64_t at, size_t room) {
    return filled(buffer, REAL(__pread64_chk)(fd, buffer, n, at, room), PLACE);
}
GR__EXPORT ssize_t __recv_chk(int fd, void *buffer, size_t n, size_t room, int flags) {
    ssize_t got = GR__STANDING_IN(READ, fd, PLACE, WAITS(REAL(__recv_chk)(fd, buffer, n, room, flags)));
    return came(fd, buffer, got, PLACE);
}
GR__EXPORT ssize_t __recvfrom_chk(int fd, void *restrict buffer, size_t n, size_t room, int flags,
                                  struct sockaddr *restrict from, socklen_t *restrict length) {
    socklen_t given = from && length ? *length : 0;
    ssize_t got = GR__STANDING_IN(READ, fd, PLACE,
                                  WAITS(REAL(__recvfrom_chk)(fd, buffer, n, room, flags, from, length)));
    came(fd, buffer, got, PLACE);
    if (got >= 0 && given) gr__address_told(from, given, length, PLACE);
    return got;
}

/* --- scattered --- */

static ssize_t came_scattered(int fd, const struct iovec *v, int count, ssize_t n, uintptr_t pc) {
    if (n < 0) return n;
    READS(v, (size_t)count * sizeof *v);
    gr__descriptor_to(fd, pc);
    each_buffer(v, (size_t)count, (size_t)n, true, pc);
    return n;
}
static void scattered(const struct iovec *v, int count, uintptr_t pc) {
    if (count <= 0) return;
    READS(v, (size_t)count * sizeof *v);
    each_buffer(v, (size_t)count, SIZE_MAX, false, pc);
}
GR__EXPORT ssize_t readv(int fd, const struct iovec *v, int count) {
    return came_scattered(fd, v, count, GR__STANDING_IN(READ, fd, PLACE, WAITS(REAL(readv)(fd, v, count))), PLACE);
}
GR__EXPORT ssize_t preadv(int fd, const struct iovec *v, int count, off_t at) {
    return came_scattered(-1, v, count, WAITS(REAL(preadv)(fd, v, count, at)), PLACE);
}
GR__EXPORT ssize_t preadv64(int fd, const struct iovec *v, int count, off64_t at) {
    return came_scattered(-1, v, count, REAL(preadv64)(fd, v, count, at), PLACE);
}
GR__EXPORT ssize_t writev(int fd, const struct iovec *v, int count) {
    scattered(v, count, PLACE);
    gr__descriptor_from(fd, PLACE);
    return WAITS(REAL(writev)(fd, v, count));
}
GR__EXPORT ssize_t pwritev(int fd, const struct iovec *v, int count, off_t at) {
    scattered(v, count, PLACE);
    return REAL(pwritev)(fd, v, count, at);
}
GR__EXPORT ssize_t pwritev64(int fd, const struct iovec *v, int count, off64_t at) {
    scattered(v, count, PLACE);
    return REAL(pwritev64)(fd, v, count, at);
}

/* --- messages: the kernel fills lengths and flags of the header, the address, and what came along --- */

/* Descriptors that came along have new numbers. */
static void descriptors_came(struct msghdr *m) {
    for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
        const int *fds = (const int *)(const void *)CMSG_DATA(c);
        for (size_t i = 0; i < (c->cmsg_len - CMSG_LEN(0)) / sizeof *fds; i++) gr__descriptor_opened(fds[i]);
    }
}
static void message_came(struct msghdr *m, socklen_t name_room, size_t n, uintptr_t pc) {
    WRITES(&m->msg_namelen, sizeof m->msg_namelen);
    WRITES(&m->msg_controllen, sizeof m->msg_controllen);
    WRITES(&m->msg_flags, sizeof m->msg_flags);
    if (m->msg_name) WRITES(m->msg_name, m->msg_namelen < name_room ? m->msg_namelen : name_room);
    if (m->msg_control && m->msg_controllen) {
        WRITES(m->msg_control, m->msg_controllen);
        descriptors_came(m);
    }
    READS(m->msg_iov, m->msg_iovlen * sizeof *m->msg_iov);
    each_buffer(m->msg_iov, m->msg_iovlen, n, true, pc);
}
static void message_goes(const struct msghdr *m, uintptr_t pc) {
    READS(m, sizeof *m);
    if (m->msg_name) READS(m->msg_name, m->msg_namelen);
    if (m->msg_control) READS(m->msg_control, m->msg_controllen);
    READS(m->msg_iov, m->msg_iovlen * sizeof *m->msg_iov);
    each_buffer(m->msg_iov, m->msg_iovlen, SIZE_MAX, false, pc);
}
GR__EXPORT ssize_t recvmsg(int fd, struct msghdr *message, int flags) {
    socklen_t name_room = message->msg_namelen;
    ssize_t n = GR__STANDING_IN(READ, fd, PLACE, WAITS(REAL(recvmsg)(fd, message, flags)));
    if (n < 0) return n;
    gr__descriptor_to(fd, PLACE);
    message_came(message, name_room, (size_t)n, PLACE);
    return n;
}
GR__EXPORT ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    message_goes(message, PLACE);
    gr__descriptor_from(fd, PLACE);
    return WAITS(REAL(sendmsg)(fd, message, flags));
}
GR__EXPORT int recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags,
                        struct timespec *timeout) {
    HERE;
    int got = WAITS(REAL(recvmmsg)(fd, messages, count, flags, timeout));
    if (timeout) WRITES(timeout, sizeof *timeout); /* what is left of it */
    if (got > 0) gr__descriptor_to(fd, pc);
    for (int i = 0; i < got; i++) {
        message_came(&messages[i].msg_hdr, messages[i].msg_hdr.msg_namelen, messages[i].msg_len, pc);
        WRITES(&messages[i].msg_len, sizeof messages[i].msg_len);
    }
    return got;
}
GR__EXPORT int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags) {
    HERE;
    for (unsigned i = 0; i < count; i++) message_goes(&messages[i].msg_hdr, pc);
    gr__descriptor_from(fd, pc);
    int sent = WAITS(REAL(sendmmsg)(fd, messages, count, flags));
    for (int i = 0; i < sent; i++) WRITES(&messages[i].msg_len, sizeof messages[i].msg_len);
    return sent;
}

/* --- from one descriptor to another, within the kernel --- */

static void moved(void *offset, uintptr_t pc) {
    if (offset) WRITES(offset, sizeof(off64_t));
}
static ssize_t passes(int in, ssize_t n, uintptr_t pc) {
    if (n >= 0) gr__descriptor_to(in, pc);
    return n;
}
GR__EXPORT ssize_t sendfile(int out, int in, off_t *offset, size_t n) {
    HERE;
    moved(offset, pc);
    gr__descriptor_passes(in, out, pc);
    return passes(in, WAITS(REAL(sendfile)(out, in, offset, n)), pc);
}
GR__EXPORT ssize_t sendfile64(int out, int in, off64_t *offset, size_t n) {
    HERE;
    moved(offset, pc);
    gr__descriptor_passes(in, out, pc);
    return passes(in, REAL(sendfile64)(out, in, offset, n), pc);
}
GR__EXPORT ssize_t splice(int in, off64_t *in_offset, int out, off64_t *out_offset, size_t n,
                          unsigned flags) {
    HERE;
    moved(in_offset, pc);
    moved(out_offset, pc);
    gr__descriptor_passes(in, out, pc);
    return passes(in, WAITS(REAL(splice)(in, in_offset, out, out_offset, n, flags)), pc);
}
GR__EXPORT ssize_t tee(int in, int out, size_t n, unsigned flags) {
    HERE;
    gr__descriptor_passes(in, out, pc);
    return passes(in, REAL(tee)(in, out, n, flags), pc);
}
/* From memory into a pipe; from a pipe into memory when it is the end to read. */
GR__EXPORT ssize_t vmsplice(int fd, const struct iovec *v, size_t count, unsigned flags) {
    HERE;
    if ((REAL(fcntl)(fd, F_GETFL) & O_ACCMODE) == O_RDONLY)
        return came_scattered(fd, v, (int)count, REAL(vmsplice)(fd, v, count, flags), pc);
    scattered(v, (int)count, pc);
    gr__descriptor_from(fd, pc);
    return REAL(vmsplice)(fd, v, count, flags);
}

/* --- counters and queues of messages --- */

GR__EXPORT int eventfd_read(int fd, eventfd_t *value) {
    HERE;
    int failed = WAITS(REAL(eventfd_read)(fd, value));
    if (failed) return failed;
    gr__descriptor_to(fd, pc);
    WRITES(value, sizeof *value);
    return 0;
}
GR__EXPORT int eventfd_write(int fd, eventfd_t value) {
    gr__descriptor_from(fd, PLACE);
    return WAITS(REAL(eventfd_write)(fd, value));
}
GR__EXPORT int mq_send(mqd_t queue, const char *text, size_t n, unsigned priority) {
    goes(queue, text, n, PLACE);
    return WAITS(REAL(mq_send)(queue, text, n, priority));
}
GR__EXPORT int mq_timedsend(mqd_t queue, const char *text, size_t n, unsigned priority,
                            const struct timespec *until) {
    goes(queue, text, n, PLACE);
    return WAITS(REAL(mq_timedsend)(queue, text, n, priority, until));
}
static ssize_t received(mqd_t queue, char *text, unsigned *priority, ssize_t n, uintptr_t pc) {
    if (n >= 0 && priority) WRITES(priority, sizeof *priority);
    return came(queue, text, n, pc);
}
GR__EXPORT ssize_t mq_receive(mqd_t queue, char *text, size_t room, unsigned *priority) {
    return received(queue, text, priority, WAITS(REAL(mq_receive)(queue, text, room, priority)), PLACE);
}
GR__EXPORT ssize_t mq_timedreceive(mqd_t queue, char *restrict text, size_t room,
                                   unsigned *restrict priority, const struct timespec *restrict until) {
    return received(queue, text, priority, WAITS(REAL(mq_timedreceive)(queue, text, room, priority, until)), PLACE);
}
