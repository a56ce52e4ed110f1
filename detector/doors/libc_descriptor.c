/* libc_descriptor.c - pipes, sockets, event descriptors and epoll as carriers of happens-before. Any
 * thread; entries are atomic.
 *
 * Whoever reads comes after whoever wrote before, and that is more than the bytes say: writes by several
 * are not told apart. All ends of a pipe are one carrier, whose number comes of the pipe's own, so that
 * who opened it by name finds the same; so are both ends of a pair. The ends of other sockets can't be
 * matched, so they all are one, and so are those of pseudo-terminals; descriptors of signals are another.
 * Other files carry nothing. */
#include "detector/doors/calls.h"
#include "detector/doors/interpose.h"
#include "detector/doors/stop.h"

#include <errno.h>
#include <linux/close_range.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#pragma GCC diagnostic ignored "-Wnonnull-compare"

enum { DESCRIPTORS = 1 << 16, CARRIERS = 1 << 18, NONE = 0, SOCKETS = 1, SIGNALS = 2, FIRST = 3, SOURCES = 8 };

static uint32_t carrier_of[DESCRIPTORS]; /* atomic: index into carriers */
static uint64_t carriers[CARRIERS];      /* never touched: their addresses are the engine's objects */
static uint32_t source_of[CARRIERS];     /* atomic: what it carries comes from there too */
static uint32_t made;                    /* atomic: past the last they begin again, and share */

static uint32_t fresh(void) {
    uint32_t c = FIRST + (GR__ADD(&made, 1) - 1) % (CARRIERS - FIRST);
    GR__STORE_RELAXED(&source_of[c], NONE);
    return c;
}

static uint32_t get(int fd) {
    return fd >= 0 && fd < DESCRIPTORS ? GR__LOAD_RELAXED(&carrier_of[fd]) : NONE;
}
/* Not in the child of a vfork: its descriptors are its own, this memory is not. */
static void set(int fd, uint32_t carrier) {
    if (fd < 0 || fd >= DESCRIPTORS || get(fd) == carrier || syscall(SYS_getpid) != gr__process) return;
    GR__STORE_RELAXED(&carrier_of[fd], carrier);
}

void gr__descriptor_from(int fd, uintptr_t pc) {
    uint32_t c = get(fd);
    if (c) GR__SYNC_FROM(DESCRIPTOR, &carriers[c], pc);
}
void gr__descriptor_to(int fd, uintptr_t pc) {
    uint32_t c = get(fd);
    for (int i = 0; c && i < SOURCES; i++, c = GR__LOAD_RELAXED(&source_of[c]))
        GR__SYNC_TO(DESCRIPTOR, &carriers[c], pc);
}

/* Who reads the other end may do so before the call that moves the bytes is back, so the way is laid
 * before. A carrier with sources already gets one more at the end of their chain. */
void gr__descriptor_passes(int in, int out, uintptr_t pc) {
    uint32_t from = get(in), to = get(out);
    for (int i = 0; from && to && to != from && i < SOURCES; i++) {
        uint32_t next = NONE;
        if (GR__CAS(&source_of[to], &next, from)) break;
        to = next;
    }
    gr__descriptor_from(out, pc);
}

void gr__descriptor_signal(uintptr_t pc) { GR__SYNC_FROM(DESCRIPTOR, &carriers[SIGNALS], pc); }

void gr__descriptor_accepted(int listener, int fd, uintptr_t pc) {
    gr__descriptor_to(listener, pc);
    set(fd, SOCKETS);
}

/* By what the kernel calls the file: the same whoever opens it. */
static uint32_t known_as(const struct stat *file) {
    uint64_t hash = (file->st_ino ^ (uint64_t)file->st_dev << 40) * 0x9e3779b97f4a7c15ull >> 32;
    return FIRST + (uint32_t)(hash % (CARRIERS - FIRST));
}
static bool look(int fd, struct stat *file) {
    int saved = errno, failed = REAL(fstat)(fd, file);
    errno = saved;
    return !failed;
}
static bool is_pseudo_terminal(dev_t device) {
    return device == makedev(5, 2) || (major(device) >= 136 && major(device) <= 143);
}
void gr__descriptor_opened(int fd) {
    struct stat file;
    uint32_t carrier = NONE;
    if (fd < 0) return;
    if (look(fd, &file)) {
        if (S_ISFIFO(file.st_mode)) carrier = known_as(&file);
        else if (S_ISSOCK(file.st_mode)) carrier = SOCKETS;
        else if (S_ISCHR(file.st_mode) && is_pseudo_terminal(file.st_rdev)) carrier = SOCKETS;
    }
    set(fd, carrier);
}

/* A new one: nobody has written to it. */
static int piped(int status, const int *fds, uintptr_t pc) {
    struct stat file;
    if (status != 0) return status;
    WRITES(fds, 2 * sizeof *fds);
    uint32_t c = look(fds[0], &file) ? known_as(&file) : fresh();
    GR__STORE_RELAXED(&source_of[c], NONE);
    set(fds[0], c);
    set(fds[1], c);
    return status;
}
static int one(int fd, uint32_t carrier) {
    set(fd, carrier);
    return fd;
}

GR__EXPORT int pipe(int fds[2]) { return piped(REAL(pipe)(fds), fds, PLACE); }
GR__EXPORT int pipe2(int fds[2], int flags) { return piped(REAL(pipe2)(fds, flags), fds, PLACE); }
GR__EXPORT int socketpair(int domain, int type, int protocol, int fds[2]) {
    HERE;
    int failed = REAL(socketpair)(domain, type, protocol, fds);
    if (failed) return failed;
    WRITES(fds, 2 * sizeof *fds);
    uint32_t c = fresh();
    set(fds[0], c);
    set(fds[1], c);
    return failed;
}
GR__EXPORT int eventfd(unsigned value, int flags) { return one(REAL(eventfd)(value, flags), fresh()); }
GR__EXPORT int signalfd(int fd, const sigset_t *signals, int flags) {
    return one(REAL(signalfd)(fd, signals, flags), SIGNALS);
}
GR__EXPORT int socket(int domain, int type, int protocol) {
    return one(REAL(socket)(domain, type, protocol), SOCKETS);
}
static int accepted(int listener, int fd, struct sockaddr *from, socklen_t room, socklen_t *length,
                    uintptr_t pc) {
    if (fd < 0) return fd;
    gr__descriptor_accepted(listener, fd, pc);
    if (room) gr__address_told(from, room, length, pc);
    return fd;
}
GR__EXPORT int accept(int fd, struct sockaddr *restrict from, socklen_t *restrict length) {
    socklen_t room = from && length ? *length : 0;
    int got = GR__STANDING_IN(ACCEPT, fd, PLACE, WAITS(REAL(accept)(fd, from, length)));
    return accepted(fd, got, from, room, length, PLACE);
}
GR__EXPORT int accept4(int fd, struct sockaddr *restrict from, socklen_t *restrict length, int flags) {
    socklen_t room = from && length ? *length : 0;
    int new = GR__STANDING_IN(ACCEPT, fd, PLACE, WAITS(REAL(accept4)(fd, from, length, flags)));
    return accepted(fd, new, from, room, length, PLACE);
}

/* Who reads that it has fired comes after who set it. */
GR__EXPORT int timerfd_create(clockid_t clock, int flags) {
    return one(REAL(timerfd_create)(clock, flags), fresh());
}
GR__EXPORT int timerfd_settime(int fd, int flags, const struct itimerspec *value, struct itimerspec *old) {
    HERE;
    READS(value, sizeof *value);
    gr__descriptor_from(fd, pc);
    int failed = REAL(timerfd_settime)(fd, flags, value, old);
    if (!failed && old) WRITES(old, sizeof *old);
    return failed;
}

GR__EXPORT mqd_t mq_open(const char *name, int flags, ...) {
    HERE;
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    struct mq_attr *attributes = flags & O_CREAT ? va_arg(more, struct mq_attr *) : NULL;
    va_end(more);
    READS_STRING(name);
    struct stat file;
    mqd_t queue = REAL(mq_open)(name, flags, mode, attributes);
    if (queue >= 0) set(queue, look(queue, &file) ? known_as(&file) : NONE);
    return queue;
}

/* --- more numbers for one, and the end of a number --- */

GR__EXPORT int dup(int fd) { return one(REAL(dup)(fd), get(fd)); }
GR__EXPORT int dup2(int fd, int to) { return one(REAL(dup2)(fd, to), get(fd)); }
GR__EXPORT int dup3(int fd, int to, int flags) { return one(REAL(dup3)(fd, to, flags), get(fd)); }

static int controlled(int fd, int command, int got) {
    if ((command == F_DUPFD || command == F_DUPFD_CLOEXEC) && got >= 0) set(got, get(fd));
    return got;
}
static bool is_lock(int command) {
    return command == F_GETLK || command == F_SETLK || command == F_SETLKW || command == F_OFD_GETLK ||
           command == F_OFD_SETLK || command == F_OFD_SETLKW;
}
#define CONTROL(name)                                                                             \
    GR__EXPORT int name(int fd, int command, ...) {                                               \
        va_list more;                                                                             \
        va_start(more, command);                                                                  \
        void *argument = va_arg(more, void *);                                                    \
        va_end(more);                                                                             \
        if (!is_lock(command)) return controlled(fd, command, REAL(name)(fd, command, argument)); \
        gr__file_lock_before(fd, command, argument, PLACE);                                       \
        return gr__file_lock_after(fd, command, argument, REAL(name)(fd, command, argument), PLACE); \
    }
CONTROL(fcntl)
CONTROL(fcntl64)

/* The reader of the end comes after who closed, and so does who gets a lock that is given back so. The
 * entries go first: the number may be another's as soon as the real call returns. */
static void ends(int fd, uintptr_t pc) {
    gr__descriptor_from(fd, pc);
    gr__file_lock_ends(fd, pc);
    set(fd, NONE);
}
static void all_end(unsigned from, unsigned to, uintptr_t pc) {
    for (unsigned fd = from; fd <= to && fd < DESCRIPTORS; fd++) ends((int)fd, pc);
}
GR__EXPORT int shutdown(int fd, int how) {
    gr__descriptor_from(fd, PLACE);
    return REAL(shutdown)(fd, how);
}
GR__EXPORT int close(int fd) {
    ends(fd, PLACE);
    return REAL(close)(fd);
}
GR__EXPORT int close_range(unsigned from, unsigned to, int flags) {
    if (!(flags & CLOSE_RANGE_CLOEXEC)) all_end(from, to, PLACE);
    return REAL(close_range)(from, to, flags);
}
GR__EXPORT void closefrom(int from) {
    all_end(from < 0 ? 0 : (unsigned)from, DESCRIPTORS, PLACE);
    REAL(closefrom)(from);
}

/* What programs say around a close of their own making (sanitizer/linux_syscall_hooks.h). */
void __sanitizer_syscall_pre_impl_close(long fd);
void __sanitizer_syscall_post_impl_close(long result, long fd);
GR__EXPORT void __sanitizer_syscall_pre_impl_close(long fd) {
    gr__descriptor_from((int)fd, PLACE);
    set((int)fd, NONE);
}
GR__EXPORT void __sanitizer_syscall_post_impl_close(long result, long fd) { (void)result, (void)fd; }

/* --- epoll: what epoll_ctl leaves with the kernel, a pointer mostly, epoll_wait gives back --- */

static const void *set_of(int fd) {
    uint32_t c = get(fd);
    return c ? (const void *)&carriers[c] : &carrier_of[(unsigned)fd % DESCRIPTORS];
}

GR__EXPORT int epoll_create(int size) { return one(REAL(epoll_create)(size), fresh()); }
GR__EXPORT int epoll_create1(int flags) { return one(REAL(epoll_create1)(flags), fresh()); }
GR__EXPORT int epoll_ctl(int fd, int operation, int about, struct epoll_event *event) {
    HERE;
    if (event && operation != EPOLL_CTL_DEL) READS(event, sizeof *event);
    GR__SYNC_FROM(EPOLL, set_of(fd), pc);
    return REAL(epoll_ctl)(fd, operation, about, event);
}
static int woken(int fd, const struct epoll_event *events, int n, uintptr_t pc) {
    if (n <= 0) return n;
    GR__SYNC_TO(EPOLL, set_of(fd), pc);
    WRITES(events, (size_t)n * sizeof *events);
    return n;
}
GR__EXPORT int epoll_wait(int fd, struct epoll_event *events, int most, int timeout) {
    int n = GR__STANDING_IN(EPOLL_WAIT, fd, PLACE, WAITS(REAL(epoll_wait)(fd, events, most, timeout)));
    return woken(fd, events, n, PLACE);
}
GR__EXPORT int epoll_pwait(int fd, struct epoll_event *events, int most, int timeout,
                           const sigset_t *mask) {
    int n = GR__STANDING_IN(EPOLL_WAIT, fd, PLACE, WAITS(REAL(epoll_pwait)(fd, events, most, timeout, mask)));
    return woken(fd, events, n, PLACE);
}
GR__EXPORT int epoll_pwait2(int fd, struct epoll_event *events, int most,
                            const struct timespec *timeout, const sigset_t *mask) {
    HERE;
    if (timeout) READS(timeout, sizeof *timeout);
    int n = GR__STANDING_IN(EPOLL_WAIT, fd, pc, WAITS(REAL(epoll_pwait2)(fd, events, most, timeout, mask)));
    return woken(fd, events, n, pc);
}
