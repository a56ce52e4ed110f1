/* libc_io.c - the memory that files and sockets are read into and written from, and calls that end
 * the program without its exit work. Any thread. */
#include "detector/doors/interpose.h"

#include <sys/syscall.h>

static ssize_t filled(void *buffer, ssize_t n, uintptr_t pc) {
    if (n > 0) gr__write_range(buffer, (size_t)n, pc);
    return n;
}

GR__EXPORT ssize_t read(int fd, void *buffer, size_t n) {
    return filled(buffer, REAL(read)(fd, buffer, n), PLACE);
}
GR__EXPORT ssize_t pread(int fd, void *buffer, size_t n, off_t at) {
    return filled(buffer, REAL(pread)(fd, buffer, n, at), PLACE);
}
GR__EXPORT ssize_t pread64(int fd, void *buffer, size_t n, off64_t at) {
    return filled(buffer, REAL(pread64)(fd, buffer, n, at), PLACE);
}
GR__EXPORT ssize_t recv(int fd, void *buffer, size_t n, int flags) {
    return filled(buffer, REAL(recv)(fd, buffer, n, flags), PLACE);
}
GR__EXPORT ssize_t recvfrom(int fd, void *restrict buffer, size_t n, int flags,
                            struct sockaddr *restrict from, socklen_t *restrict length) {
    return filled(buffer, REAL(recvfrom)(fd, buffer, n, flags, from, length), PLACE);
}
GR__EXPORT ssize_t write(int fd, const void *buffer, size_t n) {
    gr__read_range(buffer, n, PLACE);
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
    gr__read_range(buffer, n, PLACE);
    return REAL(send)(fd, buffer, n, flags);
}
GR__EXPORT ssize_t sendto(int fd, const void *buffer, size_t n, int flags,
                          const struct sockaddr *to, socklen_t length) {
    gr__read_range(buffer, n, PLACE);
    return REAL(sendto)(fd, buffer, n, flags, to, length);
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
