/* libc_file.c - files by name, and what the system says of them and of itself: names that are read,
 * structures that are filled. Any thread. */
#include "detector/doors/interpose.h"


#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wnonnull-compare"

/* --- opening --- */

static int opened(int fd) {
    if (fd >= 0) gr__descriptor_opened(fd);
    return fd;
}
#define MODE                                                                                      \
    va_list more;                                                                                 \
    va_start(more, flags);                                                                        \
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0;                     \
    va_end(more)
#define OPEN(name)                                                                                \
    GR__EXPORT int name(const char *path, int flags, ...) {                                       \
        HERE;                                                                                     \
        MODE;                                                                                     \
        READS_STRING(path);                                                                       \
        return opened(REAL(name)(path, flags, mode));                                             \
    }                                                                                             \
    GR__EXPORT int __##name##_2(const char *path, int flags) {                                    \
        HERE;                                                                                     \
        READS_STRING(path);                                                                       \
        return opened(REAL(__##name##_2)(path, flags));                                           \
    }
#define OPEN_AT(name)                                                                             \
    GR__EXPORT int name(int folder, const char *path, int flags, ...) {                           \
        HERE;                                                                                     \
        MODE;                                                                                     \
        READS_STRING(path);                                                                       \
        return opened(REAL(name)(folder, path, flags, mode));                                     \
    }                                                                                             \
    GR__EXPORT int __##name##_2(int folder, const char *path, int flags) {                        \
        HERE;                                                                                     \
        READS_STRING(path);                                                                       \
        return opened(REAL(__##name##_2)(folder, path, flags));                                   \
    }
OPEN(open)
OPEN(open64)
OPEN_AT(openat)
OPEN_AT(openat64)
#define CREATE(name)                                                                              \
    GR__EXPORT int name(const char *path, mode_t mode) {                                          \
        HERE;                                                                                     \
        READS_STRING(path);                                                                       \
        return opened(REAL(name)(path, mode));                                                    \
    }
CREATE(creat)
CREATE(creat64)
GR__EXPORT int posix_openpt(int flags) { return opened(REAL(posix_openpt)(flags)); }

/* --- structures --- */

#define FILLS(status, where)                                                                      \
    int failed = (status);                                                                        \
    if (!failed) WRITES((where), sizeof *(where));                                                \
    return failed;
#define ABOUT_PATH(name, type)                                                                    \
    GR__EXPORT int name(const char *restrict path, type *restrict about) {                        \
        HERE;                                                                                     \
        READS_STRING(path);                                                                       \
        FILLS(REAL(name)(path, about), about)                                                     \
    }
#define ABOUT_DESCRIPTOR(name, type)                                                              \
    GR__EXPORT int name(int fd, type *about) {                                                    \
        HERE;                                                                                     \
        FILLS(REAL(name)(fd, about), about)                                                       \
    }
ABOUT_PATH(stat, struct stat)
ABOUT_PATH(lstat, struct stat)
ABOUT_PATH(stat64, struct stat64)
ABOUT_PATH(lstat64, struct stat64)
ABOUT_PATH(statvfs, struct statvfs)
ABOUT_DESCRIPTOR(fstat, struct stat)
ABOUT_DESCRIPTOR(fstat64, struct stat64)
ABOUT_DESCRIPTOR(fstatvfs, struct statvfs)
GR__EXPORT int fstatat(int folder, const char *restrict path, struct stat *restrict about, int flags) {
    HERE;
    READS_STRING(path);
    FILLS(REAL(fstatat)(folder, path, about, flags), about)
}
GR__EXPORT int fstatat64(int folder, const char *restrict path, struct stat64 *restrict about,
                         int flags) {
    HERE;
    READS_STRING(path);
    FILLS(REAL(fstatat64)(folder, path, about, flags), about)
}
GR__EXPORT int statx(int folder, const char *restrict path, int flags, unsigned mask,
                     struct statx *restrict about) {
    HERE;
    READS_STRING(path);
    FILLS(REAL(statx)(folder, path, flags, mask, about), about)
}
GR__EXPORT int uname(struct utsname *about) {
    HERE;
    FILLS(REAL(uname)(about), about)
}
GR__EXPORT int getrlimit(__rlimit_resource_t of, struct rlimit *limit) {
    HERE;
    FILLS(REAL(getrlimit)(of, limit), limit)
}
GR__EXPORT int getrusage(__rusage_who_t who, struct rusage *usage) {
    HERE;
    FILLS(REAL(getrusage)(who, usage), usage)
}
GR__EXPORT clock_t times(struct tms *used) {
    HERE;
    clock_t ticks = REAL(times)(used);
    if (used) WRITES(used, sizeof *used);
    return ticks;
}

/* --- names that come back --- */

GR__EXPORT ssize_t readlink(const char *restrict path, char *restrict to, size_t room) {
    HERE;
    ssize_t n = REAL(readlink)(path, to, room);
    READS_STRING(path);
    if (n > 0) WRITES(to, (size_t)n);
    return n;
}
GR__EXPORT ssize_t __readlink_chk(const char *restrict path, char *restrict to, size_t room, size_t size) {
    HERE;
    ssize_t n = REAL(__readlink_chk)(path, to, room, size);
    READS_STRING(path);
    if (n > 0) WRITES(to, (size_t)n);
    return n;
}
GR__EXPORT ssize_t readlinkat(int folder, const char *restrict path, char *restrict to, size_t room) {
    HERE;
    ssize_t n = REAL(readlinkat)(folder, path, to, room);
    READS_STRING(path);
    if (n > 0) WRITES(to, (size_t)n);
    return n;
}
#define NAME(name, parameters, arguments)                                                         \
    GR__EXPORT char *name parameters {                                                            \
        HERE;                                                                                     \
        gr__inside i = gr__go_inside(GR__PC); /* it may make the block */                         \
        char *got = REAL(name) arguments;                                                         \
        gr__come_out(i);                                                                          \
        WRITES_STRING(got);                                                                       \
        return got;                                                                               \
    }
NAME(getcwd, (char *to, size_t room), (to, room))
NAME(__getcwd_chk, (char *to, size_t room, size_t size), (to, room, size))
NAME(realpath, (const char *restrict path, char *restrict to), (path, to))
NAME(__realpath_chk, (const char *path, char *to, size_t size), (path, to, size))
GR__EXPORT int gethostname(char *to, size_t room) {
    HERE;
    int failed = REAL(gethostname)(to, room);
    if (!failed && gr__seen()) WRITES(to, REAL(strnlen)(to, room));
    return failed;
}
/* POSIX's, and GNU's, which writes only what it has to make up; libc's header knows one of them. */
GR__EXPORT int strerror_posix(int error, char *to, size_t room) __asm__("__xpg_strerror_r");
GR__EXPORT int strerror_posix(int error, char *to, size_t room) {
    HERE;
    int failed = REAL(__xpg_strerror_r)(error, to, room);
    if (!failed) WRITES_STRING(to);
    return failed;
}
GR__EXPORT char *strerror_gnu(int error, char *to, size_t room) __asm__("strerror_r");
GR__EXPORT char *strerror_gnu(int error, char *to, size_t room) {
    HERE;
    char *told = REAL(strerror_r)(error, to, room);
    if (told == to) WRITES_STRING(to);
    return told;
}

/* --- folders: an entry is good until the next is read, by whoever --- */

GR__EXPORT struct dirent *readdir(DIR *folder) {
    HERE;
    struct dirent *entry = REAL(readdir)(folder);
    if (entry) WRITES(entry, entry->d_reclen);
    return entry;
}
GR__EXPORT struct dirent64 *readdir64(DIR *folder) {
    HERE;
    struct dirent64 *entry = REAL(readdir64)(folder);
    if (entry) WRITES(entry, entry->d_reclen);
    return entry;
}
GR__EXPORT DIR *opendir(const char *path) {
    HERE;
    READS_STRING(path);
    gr__inside i = gr__go_inside(GR__PC);
    DIR *folder = REAL(opendir)(path);
    gr__come_out(i);
    return folder;
}
GR__EXPORT int closedir(DIR *folder) {
    gr__inside i = gr__go_inside(GR__PC);
    int failed = REAL(closedir)(folder);
    gr__come_out(i);
    return failed;
}
