/* libc_stream.c - stdio but its formats: the memory that goes in and out, FILEs as objects, and their
 * locks; see stream.h. Any thread. */
#include "detector/doors/stream.h"

#include <errno.h>

#undef fread_unlocked /* macros of libc */
#undef fwrite_unlocked
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wnonnull-compare"

/* What this thread used last, and its epoch then: the same once more is nothing new. */
static __thread const FILE *used_last;
static __thread uint64_t used_stamp;

/* Of a structure that is libc's: its first byte stands for all of it. */
static void used(const FILE *file, uintptr_t pc) {
    if (used_last == file && used_stamp == gr__me->stamp) return;
    used_last = file;
    used_stamp = gr__me->stamp;
    gr__access(gr__me, (uintptr_t)file, 1, GR__ACCESS_ATOMIC, pc);
}

static int descriptor_of(FILE *file) {
    int saved = errno, fd = fileno_unlocked(file);
    errno = saved;
    return fd;
}
void gr__stream_goes(FILE *file, uintptr_t pc) {
    if (!file || !gr__seen()) return;
    used(file, pc);
    gr__descriptor_from(descriptor_of(file), pc);
}
void gr__stream_came(FILE *file, uintptr_t pc) {
    if (!file || !gr__seen()) return;
    used(file, pc);
    gr__descriptor_to(descriptor_of(file), pc);
}

/* --- blocks --- */

static size_t came(void *buffer, size_t size, size_t got, FILE *file, uintptr_t pc) {
    gr__stream_came(file, pc);
    WRITES(buffer, got * size);
    return got;
}
static void goes(const void *buffer, size_t size, FILE *file, uintptr_t pc) {
    READS(buffer, size);
    gr__stream_goes(file, pc);
}
GR__EXPORT size_t fread(void *restrict buffer, size_t size, size_t n, FILE *restrict file) {
    return came(buffer, size, REAL(fread)(buffer, size, n, file), file, PLACE);
}
GR__EXPORT size_t fread_unlocked(void *restrict buffer, size_t size, size_t n, FILE *restrict file) {
    return came(buffer, size, REAL(fread_unlocked)(buffer, size, n, file), file, PLACE);
}
GR__EXPORT size_t __fread_chk(void *restrict buffer, size_t room, size_t size, size_t n,
                              FILE *restrict file) {
    return came(buffer, size, REAL(__fread_chk)(buffer, room, size, n, file), file, PLACE);
}
GR__EXPORT size_t __fread_unlocked_chk(void *restrict buffer, size_t room, size_t size, size_t n,
                                       FILE *restrict file) {
    return came(buffer, size, REAL(__fread_unlocked_chk)(buffer, room, size, n, file), file, PLACE);
}
GR__EXPORT size_t fwrite(const void *restrict buffer, size_t size, size_t n, FILE *restrict file) {
    goes(buffer, size * n, file, PLACE);
    return REAL(fwrite)(buffer, size, n, file);
}
GR__EXPORT size_t fwrite_unlocked(const void *restrict buffer, size_t size, size_t n,
                                  FILE *restrict file) {
    goes(buffer, size * n, file, PLACE);
    return REAL(fwrite_unlocked)(buffer, size, n, file);
}

/* --- lines --- */

static char *line(char *got, FILE *file, uintptr_t pc) {
    gr__stream_came(file, pc);
    WRITES_STRING(got);
    return got;
}
GR__EXPORT char *fgets(char *restrict s, int n, FILE *restrict file) {
    return line(REAL(fgets)(s, n, file), file, PLACE);
}
GR__EXPORT char *fgets_unlocked(char *restrict s, int n, FILE *restrict file) {
    return line(REAL(fgets_unlocked)(s, n, file), file, PLACE);
}
GR__EXPORT char *__fgets_chk(char *restrict s, size_t room, int n, FILE *restrict file) {
    return line(REAL(__fgets_chk)(s, room, n, file), file, PLACE);
}
GR__EXPORT char *__fgets_unlocked_chk(char *restrict s, size_t room, int n, FILE *restrict file) {
    return line(REAL(__fgets_unlocked_chk)(s, room, n, file), file, PLACE);
}
GR__EXPORT int fputs(const char *restrict s, FILE *restrict file) {
    HERE;
    READS_STRING(s);
    gr__stream_goes(file, pc);
    return REAL(fputs)(s, file);
}
GR__EXPORT int fputs_unlocked(const char *restrict s, FILE *restrict file) {
    HERE;
    READS_STRING(s);
    gr__stream_goes(file, pc);
    return REAL(fputs_unlocked)(s, file);
}
GR__EXPORT int puts(const char *s) {
    HERE;
    READS_STRING(s);
    gr__stream_goes(stdout, pc);
    return REAL(puts)(s);
}

/* It may move the block that holds the line, or make one. */
static ssize_t long_line(char **at, size_t *size, ssize_t n, FILE *file, uintptr_t pc) {
    gr__stream_came(file, pc);
    WRITES(at, sizeof *at);
    WRITES(size, sizeof *size);
    if (n >= 0) WRITES(*at, (size_t)n + 1);
    return n;
}
#define UNTIL(name)                                                                               \
    GR__EXPORT ssize_t name(char **restrict at, size_t *restrict size, int end,                   \
                            FILE *restrict file) {                                                \
        INSIDE;                                                                                   \
        ssize_t n = REAL(getdelim)(at, size, end, file);                                          \
        gr__come_out(inside);                                                                     \
        return long_line(at, size, n, file, PLACE);                                               \
    }
UNTIL(getdelim)
UNTIL(__getdelim)
GR__EXPORT ssize_t getline(char **restrict at, size_t *restrict size, FILE *restrict file) {
    INSIDE;
    ssize_t n = REAL(getline)(at, size, file);
    gr__come_out(inside);
    return long_line(at, size, n, file, PLACE);
}

/* --- characters --- */

#define CHARACTER_IN(name)                                                                        \
    GR__EXPORT int name(FILE *file) {                                                             \
        int c = REAL(name)(file);                                                                 \
        gr__stream_came(file, PLACE);                                                             \
        return c;                                                                                 \
    }
#define CHARACTER_OUT(name)                                                                       \
    GR__EXPORT int name(int c, FILE *file) {                                                      \
        gr__stream_goes(file, PLACE);                                                             \
        return REAL(name)(c, file);                                                               \
    }
CHARACTER_IN(fgetc)
CHARACTER_IN(getc)
CHARACTER_OUT(fputc)
CHARACTER_OUT(putc)
GR__EXPORT int getchar(void) {
    int c = REAL(getchar)();
    gr__stream_came(stdin, PLACE);
    return c;
}
GR__EXPORT int putchar(int c) {
    gr__stream_goes(stdout, PLACE);
    return REAL(putchar)(c);
}

/* --- FILEs: made and given back by libc's malloc and free, which are seen to be called from here --- */

static FILE *opened(FILE *file) {
    if (file) gr__descriptor_opened(descriptor_of(file));
    used_last = NULL; /* it may have been another FILE */
    return file;
}

#define OPEN(name)                                                                                \
    GR__EXPORT FILE *name(const char *restrict path, const char *restrict mode) {                 \
        HERE;                                                                                     \
        READS_STRING(path);                                                                       \
        READS_STRING(mode);                                                                       \
        INSIDE;                                                                                   \
        return opened(REAL(name)(path, mode));                                         \
    }
OPEN(fopen)
OPEN(fopen64)
OPEN(popen)
GR__EXPORT FILE *fdopen(int fd, const char *mode) {
    HERE;
    READS_STRING(mode);
    INSIDE;
    return REAL(fdopen)(fd, mode);
}
#define REOPEN(name)                                                                              \
    GR__EXPORT FILE *name(const char *restrict path, const char *restrict mode, FILE *restrict file) { \
        HERE;                                                                                     \
        READS_STRING(path);                                                                       \
        READS_STRING(mode);                                                                       \
        gr__stream_goes(file, pc);                                                                \
        INSIDE;                                                                                   \
        return opened(REAL(name)(path, mode, file));                                              \
    }
REOPEN(freopen)
REOPEN(freopen64)
GR__EXPORT int fclose(FILE *file) {
    HERE;
    gr__stream_goes(file, pc);
    INSIDE;
    return REAL(fclose)(file);
}
GR__EXPORT int pclose(FILE *file) {
    HERE;
    gr__stream_goes(file, pc);
    INSIDE;
    return REAL(pclose)(file);
}
GR__EXPORT int fflush(FILE *file) {
    gr__stream_goes(file, PLACE);
    return REAL(fflush)(file);
}

/* --- locks: held more than once by one thread, they are given back once for each --- */

GR__EXPORT void flockfile(FILE *file) {
    REAL(flockfile)(file);
    GR__SYNC_TO(STREAM_LOCK, file, PLACE);
}
GR__EXPORT int ftrylockfile(FILE *file) {
    int failed = REAL(ftrylockfile)(file);
    if (!failed) GR__SYNC_TO(STREAM_LOCK, file, PLACE);
    return failed;
}
GR__EXPORT void funlockfile(FILE *file) {
    GR__SYNC_FROM(STREAM_LOCK, file, PLACE);
    REAL(funlockfile)(file);
}
