/* call.c - calls of the kernel for the net room. Any thread; the only state is whether the kernel has
 * epoll_pwait2. */
#include "runtime/net/internal.h"

#include "runtime/os/os.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441
#endif

enum { MS = 1000000 };

static bool no_pwait2;  /* a */

static long call(long number, long a, long b, long c, long d, long e, long f) {
    int saved = errno;
    long result;
    do {
        result = syscall(number, a, b, c, d, e, f);
    } while (result < 0 && errno == EINTR);
    if (result < 0) {
        result = -errno;
        errno = saved;
    }
    return result;
}

long gr__call(long number, long a, long b, long c, long d, long e) {
    return call(number, a, b, c, d, e, 0);
}

long gr__call_at(long number, int fd, const struct iovec *one, int flags) {
    return call(number, fd, (long)one, 1, -1, -1, flags);
}

bool gr__call_is_open(int fd) { return GR__CALL(fcntl, fd, F_GETFD, 0, 0, 0) >= 0; }

bool gr__call_is_file(int fd) {
    struct stat s;
    if (GR__CALL(fstat, fd, &s, 0, 0, 0) < 0) return false;
    return S_ISREG(s.st_mode) || S_ISBLK(s.st_mode) || S_ISDIR(s.st_mode);
}

static struct timespec left(uint64_t until_ns) {
    uint64_t now = until_ns ? gr__os_now() : 0, ns = until_ns > now ? until_ns - now : 0;
    return (struct timespec){(time_t)(ns / 1000000000), (long)(ns % 1000000000)};
}

int gr__call_poll(int fd, uint32_t events, uint64_t until_ns) {
    int saved = errno;
    struct pollfd one = {fd, (short)events, 0};
    long result;
    do {
        struct timespec time = left(until_ns);
        result = syscall(SYS_ppoll, &one, 1, until_ns == UINT64_MAX ? NULL : &time, NULL, 8);
    } while (result < 0 && errno == EINTR);
    result = result < 0 ? -errno : result ? one.revents : 0;
    errno = saved;
    return (int)result;
}

long gr__call_epoll_wait(int epoll, struct epoll_event *events, int most, uint64_t until_ns) {
    int saved = errno;
    struct timespec time = left(until_ns);
    bool for_ever = until_ns == UINT64_MAX, now = !time.tv_sec && !time.tv_nsec;
    long result = -1;
    errno = ENOSYS;
    /* the older call is as good where no time has to be told */
    if (!for_ever && !now && !GR__LOAD_RELAXED(&no_pwait2)) {
        result = syscall(SYS_epoll_pwait2, epoll, events, most, &time, NULL, 8);
        if (result < 0 && errno == ENOSYS) GR__STORE_RELAXED(&no_pwait2, true);
    }
    if (result < 0 && errno == ENOSYS) {
        time_t seconds = time.tv_sec < 1000000 ? time.tv_sec : 1000000;
        long ms = for_ever ? -1 : (long)seconds * 1000 + (time.tv_nsec + MS - 1) / MS;
        result = syscall(SYS_epoll_pwait, epoll, events, most, ms, NULL, 8);
    }
    if (result < 0) result = -errno;
    errno = saved;
    return result;
}
