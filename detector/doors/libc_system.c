/* libc_system.c - children's statuses, users and groups, character sets: what is read and filled. Any
 * thread. */
#include "detector/doors/calls.h"
#include "detector/doors/interpose.h"

#pragma GCC diagnostic ignored "-Wnonnull-compare"

static pid_t ended(pid_t child, int *status, struct rusage *usage, uintptr_t pc) {
    if (child > 0 && status) WRITES(status, sizeof *status);
    if (child > 0 && usage) WRITES(usage, sizeof *usage);
    return child;
}
GR__EXPORT pid_t wait(int *status) {
    return ended(GR__STANDING_IN(WAITPID, 0, PLACE, REAL(wait)(status)), status, NULL, PLACE);
}
GR__EXPORT pid_t waitpid(pid_t child, int *status, int flags) {
    return ended(GR__STANDING_IN(WAITPID, 0, PLACE, REAL(waitpid)(child, status, flags)), status, NULL, PLACE);
}
GR__EXPORT pid_t wait3(int *status, int flags, struct rusage *usage) {
    return ended(GR__STANDING_IN(WAITPID, 0, PLACE, REAL(wait3)(status, flags, usage)), status, usage, PLACE);
}
GR__EXPORT pid_t wait4(pid_t child, int *status, int flags, struct rusage *usage) {
    return ended(GR__STANDING_IN(WAITPID, 0, PLACE, REAL(wait4)(child, status, flags, usage)), status, usage, PLACE);
}
GR__EXPORT int waitid(idtype_t kind, id_t id, siginfo_t *about, int flags) {
    HERE;
    int failed = GR__STANDING_IN(WAITPID, 0, pc, REAL(waitid)(kind, id, about, flags));
    if (!failed && about) WRITES(about, sizeof *about);
    return failed;
}

/* An entry, its strings in the caller's buffer, and where it is: NULL when there is none. */
#define ENTRY(name, entry, key_type, read_key)                                                    \
    GR__EXPORT int name(key_type key, struct entry *restrict to, char *restrict buffer, size_t room, \
                        struct entry **restrict found) {                                          \
        HERE;                                                                                     \
        read_key;                                                                                 \
        gr__inside i = gr__go_inside(GR__PC);                                                     \
        int failed = REAL(name)(key, to, buffer, room, found);                                    \
        gr__come_out(i);                                                                          \
        WRITES(found, sizeof *found);                                                             \
        if (!failed && *found) {                                                                  \
            WRITES(to, sizeof *to);                                                               \
            WRITES(buffer, room);                                                                 \
        }                                                                                         \
        return failed;                                                                            \
    }
ENTRY(getpwnam_r, passwd, const char *, READS_STRING(key))
ENTRY(getpwuid_r, passwd, uid_t, (void)0)
ENTRY(getgrnam_r, group, const char *, READS_STRING(key))
ENTRY(getgrgid_r, group, gid_t, (void)0)

/* It moves both ends on, as far as it got. */
GR__EXPORT size_t iconv(iconv_t way, char **restrict from, size_t *restrict left, char **restrict to,
                        size_t *restrict room) {
    HERE;
    char *in = from ? *from : NULL, *out = to ? *to : NULL;
    size_t n = REAL(iconv)(way, from, left, to, room);
    if (in) {
        READS(in, (size_t)(*from - in));
        WRITES(from, sizeof *from);
        WRITES(left, sizeof *left);
    }
    if (out) {
        WRITES(out, (size_t)(*to - out));
        WRITES(to, sizeof *to);
        WRITES(room, sizeof *room);
    }
    return n;
}
