/* libc_io.c - the memory that files and sockets are read into and written from, and calls that end
 * the program without its exit work. Any thread. */
#include "detector/doors/interpose.h"

#include <sys/syscall.h>

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
    return came(fd, buffer, REAL(read)(fd, buffer, n), PLACE);
}
GR__EXPORT ssize_t pread(int fd, void *buffer, size_t n, off_t at) {
    return filled(buffer, REAL(pread)(fd, buffer, n, at), PLACE);
}
GR__EXPORT ssize_t pread64(int fd, void *buffer, size_t n, off64_t at) {
    return filled(buffer, REAL(pread64)(fd, buffer, n, at), PLACE);
}
GR__EXPORT ssize_t recv(int fd, void *buffer, size_t n, int flags) {
    return came(fd, buffer, REAL(recv)(fd, buffer, n, flags), PLACE);
}
GR__EXPORT ssize_t recvfrom(int fd, void *restrict buffer, size_t n, int flags,
                            struct sockaddr *restrict from, socklen_t *restrict length) {
    return came(fd, buffer, REAL(recvfrom)(fd, buffer, n, flags, from, length), PLACE);
}
GR__EXPORT ssize_t write(int fd, const void *buffer, size_t n) {
    goes(fd, buffer, n, PLACE);
    return REAL(write)(fd, buffer, n);
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
    return REAL(send)(fd, buffer, n, flags);
}
GR__EXPORT ssize_t sendto(int fd, const void *buffer, size_t n, int flags,
                          const struct sockaddr *to, socklen_t length) {
    goes(fd, buffer, n, PLACE);
    return REAL(sendto)(fd, buffer, n, flags, to, length);
}
GR__EXPORT ssize_t readv(int fd, const struct iovec *v, int count) {
    ssize_t n = REAL(readv)(fd, v, count);
    if (n < 0) return n;
    gr__descriptor_to(fd, PLACE);
    each_buffer(v, (size_t)count, (size_t)n, true, PLACE);
    return n;
}
GR__EXPORT ssize_t writev(int fd, const struct iovec *v, int count) {
    each_buffer(v, count > 0 ? (size_t)count : 0, SIZE_MAX, false, PLACE);
    gr__descriptor_from(fd, PLACE);
    return REAL(writev)(fd, v, count);
}
GR__EXPORT ssize_t recvmsg(int fd, struct msghdr *message, int flags) {
    ssize_t n = REAL(recvmsg)(fd, message, flags);
    if (n < 0) return n;
    gr__descriptor_to(fd, PLACE);
    each_buffer(message->msg_iov, message->msg_iovlen, (size_t)n, true, PLACE);
    return n;
}
GR__EXPORT ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    each_buffer(message->msg_iov, message->msg_iovlen, SIZE_MAX, false, PLACE);
    gr__descriptor_from(fd, PLACE);
    return REAL(sendmsg)(fd, message, flags);
}
GR__EXPORT size_t fread(void *restrict buffer, size_t size, size_t n, FILE *restrict file) {
    size_t got = REAL(fread)(buffer, size, n, file);
    gr__write_range(buffer, got * size, PLACE);
    return got;
}
GR__EXPORT size_t fwrite(const void *restrict buffer, size_t size, size_t n, FILE *restrict file) {
    gr__read_range(buffer, size * n, PLACE);
    return REAL(fwrite)(buffer, size, n, file);
}

/* Not in the child of a vfork: it ends, the program does not. */
static int checked(int status) {
    return syscall(SYS_getpid) == gr__process ? gr__exit_check(status) : status;
}

GR__EXPORT _Noreturn void _exit(int status) {
    REAL(_exit)(checked(status));
    __builtin_unreachable();
}
GR__EXPORT _Noreturn void _Exit(int status) {
    REAL(_Exit)(checked(status));
    __builtin_unreachable();
}
