/* libc_format.c - printf's and scanf's families: the format, the strings that go in, what comes out. Any
 * thread.
 *
 * A format is gone through once more, by its grammar, beside libc. Where it says what is not known here
 * (arguments by number, conversions of others' making) it is left there: what follows is not seen. */
#include "detector/doors/stream.h"

#include <stdarg.h>
#include <stdint.h>

#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wnonnull-compare"
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

enum { LONG = 'l', LONG_LONG = 'q', SHORT = 'h', CHAR = 'H' };

/* A length modifier as one character; 0: none. */
static int length_of(const char **at) {
    const char *f = *at;
    int length = 0;
    switch (*f) {
    case 'h': length = f[1] == 'h' ? CHAR : SHORT; break;
    case 'l': length = f[1] == 'l' ? LONG_LONG : LONG; break;
    case 'q': case 'j': case 'z': case 't': case 'L': case 'Z': length = *f; break;
    default: return 0;
    }
    *at = f + (length == CHAR || (length == LONG_LONG && *f == 'l') ? 2 : 1);
    return length;
}
static size_t integer_size(int length) {
    switch (length) {
    case CHAR: return 1;
    case SHORT: return 2;
    case 0: return 4;
    default: return 8;
    }
}

/* --- out --- */

/* An argument that is a string, or that gets a count. */
static void reads_argument(const char *s, int most, uintptr_t pc) {
    if (!s) return;
    size_t limit = most < 0 ? SIZE_MAX : (size_t)most, n = REAL(strnlen)(s, limit);
    READS(s, n < limit ? n + 1 : n);
}
static int number(const char **at, va_list *arguments) {
    int n = 0;
    if (**at == '*') {
        ++*at;
        return va_arg(*arguments, int);
    }
    while (**at >= '0' && **at <= '9') n = (n * 10 + (*(*at)++ - '0')) & 0xffffff;
    return n;
}
static void out(const char *f, va_list given, uintptr_t pc) {
    if (!gr__seen()) return;
    READS_STRING(f);
    va_list arguments;
    va_copy(arguments, given);
    while ((f = REAL(strchr)(f, '%'))) {
        f++;
        while (*f && REAL(strchr)("-+ #0'I", *f)) f++;
        number(&f, &arguments);
        int precision = -1;
        if (*f == '.') {
            f++;
            precision = number(&f, &arguments);
        }
        int length = length_of(&f);
        char conversion = *f;
        if (!conversion) break;
        f++;
        if (conversion == '%' || conversion == 'm') continue;
        if (REAL(strchr)("diouxXc", conversion)) {
            if (integer_size(length) == 8) (void)va_arg(arguments, long);
            else (void)va_arg(arguments, int);
        } else if (REAL(strchr)("aAeEfFgG", conversion)) {
            if (length == 'L' || length == LONG_LONG) (void)va_arg(arguments, long double);
            else (void)va_arg(arguments, double);
        } else if (conversion == 's') {
            const char *s = va_arg(arguments, const char *);
            if (!length) reads_argument(s, precision, pc);
            else if (s && precision < 0)
                READS(s, (REAL(wcslen)((const void *)s) + 1) * sizeof(wchar_t));
        } else if (conversion == 'p') {
            (void)va_arg(arguments, void *);
        } else if (conversion == 'n') {
            WRITES(va_arg(arguments, void *), integer_size(length));
        } else {
            break;
        }
    }
    va_end(arguments);
}

/* What fits of n characters, and the end. */
static int printed(char *to, size_t room, int n, uintptr_t pc) {
    if (n >= 0 && room) WRITES(to, (size_t)n < room ? (size_t)n + 1 : room);
    return n;
}
/* As much as the real one may write is not written before: a string of its own may be the argument. */
#define VARIADIC(call)                                                                            \
    va_list arguments;                                                                            \
    va_start(arguments, format);                                                                  \
    int n = call;                                                                                 \
    va_end(arguments);                                                                            \
    return n;

static int to_stream(FILE *file, const char *format, va_list arguments, uintptr_t pc) {
    out(format, arguments, pc);
    gr__stream_goes(file, pc);
    return REAL(vfprintf)(file, format, arguments);
}
static int to_stream_checked(FILE *file, int flag, const char *format, va_list arguments,
                             uintptr_t pc) {
    out(format, arguments, pc);
    gr__stream_goes(file, pc);
    return REAL(__vfprintf_chk)(file, flag, format, arguments);
}
GR__EXPORT int printf(const char *restrict format, ...) {
    VARIADIC(to_stream(stdout, format, arguments, PLACE))
}
GR__EXPORT int fprintf(FILE *restrict file, const char *restrict format, ...) {
    VARIADIC(to_stream(file, format, arguments, PLACE))
}
GR__EXPORT int vprintf(const char *restrict format, va_list arguments) {
    return to_stream(stdout, format, arguments, PLACE);
}
GR__EXPORT int vfprintf(FILE *restrict file, const char *restrict format, va_list arguments) {
    return to_stream(file, format, arguments, PLACE);
}
GR__EXPORT int __printf_chk(int flag, const char *restrict format, ...) {
    VARIADIC(to_stream_checked(stdout, flag, format, arguments, PLACE))
}
GR__EXPORT int __fprintf_chk(FILE *restrict file, int flag, const char *restrict format, ...) {
    VARIADIC(to_stream_checked(file, flag, format, arguments, PLACE))
}
GR__EXPORT int __vprintf_chk(int flag, const char *restrict format, va_list arguments) {
    return to_stream_checked(stdout, flag, format, arguments, PLACE);
}
GR__EXPORT int __vfprintf_chk(FILE *restrict file, int flag, const char *restrict format,
                              va_list arguments) {
    return to_stream_checked(file, flag, format, arguments, PLACE);
}

static int to_descriptor(int fd, const char *format, va_list arguments, uintptr_t pc) {
    out(format, arguments, pc);
    gr__descriptor_from(fd, pc);
    return REAL(vdprintf)(fd, format, arguments);
}
static int to_descriptor_checked(int fd, int flag, const char *format, va_list arguments,
                                 uintptr_t pc) {
    out(format, arguments, pc);
    gr__descriptor_from(fd, pc);
    return REAL(__vdprintf_chk)(fd, flag, format, arguments);
}
GR__EXPORT int dprintf(int fd, const char *restrict format, ...) {
    VARIADIC(to_descriptor(fd, format, arguments, PLACE))
}
GR__EXPORT int vdprintf(int fd, const char *restrict format, va_list arguments) {
    return to_descriptor(fd, format, arguments, PLACE);
}
GR__EXPORT int __dprintf_chk(int fd, int flag, const char *restrict format, ...) {
    VARIADIC(to_descriptor_checked(fd, flag, format, arguments, PLACE))
}
GR__EXPORT int __vdprintf_chk(int fd, int flag, const char *restrict format, va_list arguments) {
    return to_descriptor_checked(fd, flag, format, arguments, PLACE);
}

static int to_memory(char *to, size_t room, const char *format, va_list arguments, uintptr_t pc) {
    out(format, arguments, pc);
    return printed(to, room, REAL(vsnprintf)(to, room, format, arguments), pc);
}
static int to_room(char *to, const char *format, va_list arguments, uintptr_t pc) {
    out(format, arguments, pc);
    return printed(to, SIZE_MAX, REAL(vsprintf)(to, format, arguments), pc);
}
static int to_memory_checked(char *to, size_t room, int flag, size_t size, const char *format,
                             va_list arguments, uintptr_t pc) {
    out(format, arguments, pc);
    return printed(to, room, REAL(__vsnprintf_chk)(to, room, flag, size, format, arguments), pc);
}
static int to_room_checked(char *to, int flag, size_t size, const char *format, va_list arguments,
                           uintptr_t pc) {
    out(format, arguments, pc);
    return printed(to, SIZE_MAX, REAL(__vsprintf_chk)(to, flag, size, format, arguments), pc);
}
GR__EXPORT int sprintf(char *restrict to, const char *restrict format, ...) {
    VARIADIC(to_room(to, format, arguments, PLACE))
}
GR__EXPORT int snprintf(char *restrict to, size_t room, const char *restrict format, ...) {
    VARIADIC(to_memory(to, room, format, arguments, PLACE))
}
GR__EXPORT int vsprintf(char *restrict to, const char *restrict format, va_list arguments) {
    return to_room(to, format, arguments, PLACE);
}
GR__EXPORT int vsnprintf(char *restrict to, size_t room, const char *restrict format,
                         va_list arguments) {
    return to_memory(to, room, format, arguments, PLACE);
}
GR__EXPORT int __sprintf_chk(char *restrict to, int flag, size_t size, const char *restrict format, ...) {
    VARIADIC(to_room_checked(to, flag, size, format, arguments, PLACE))
}
GR__EXPORT int __snprintf_chk(char *restrict to, size_t room, int flag, size_t size,
                              const char *restrict format, ...) {
    VARIADIC(to_memory_checked(to, room, flag, size, format, arguments, PLACE))
}
GR__EXPORT int __vsprintf_chk(char *restrict to, int flag, size_t size, const char *restrict format,
                              va_list arguments) {
    return to_room_checked(to, flag, size, format, arguments, PLACE);
}
GR__EXPORT int __vsnprintf_chk(char *restrict to, size_t room, int flag, size_t size,
                               const char *restrict format, va_list arguments) {
    return to_memory_checked(to, room, flag, size, format, arguments, PLACE);
}

/* The block is made inside. */
static int to_block(char **to, int n, uintptr_t pc) {
    WRITES(to, sizeof *to);
    if (n >= 0) WRITES(*to, (size_t)n + 1);
    return n;
}
static int allocated(char **to, int flag, const char *format, va_list arguments, uintptr_t pc) {
    out(format, arguments, pc);
    gr__inside i = gr__go_inside(pc + 1);
    int n = flag < 0 ? REAL(vasprintf)(to, format, arguments)
                     : REAL(__vasprintf_chk)(to, flag, format, arguments);
    gr__come_out(i);
    return to_block(to, n, pc);
}
GR__EXPORT int asprintf(char **restrict to, const char *restrict format, ...) {
    VARIADIC(allocated(to, -1, format, arguments, PLACE))
}
GR__EXPORT int vasprintf(char **restrict to, const char *restrict format, va_list arguments) {
    return allocated(to, -1, format, arguments, PLACE);
}
GR__EXPORT int __asprintf_chk(char **restrict to, int flag, const char *restrict format, ...) {
    VARIADIC(allocated(to, flag, format, arguments, PLACE))
}
GR__EXPORT int __vasprintf_chk(char **restrict to, int flag, const char *restrict format,
                               va_list arguments) {
    return allocated(to, flag, format, arguments, PLACE);
}

/* --- in: of what the format names, as many as were assigned --- */

static const char *after_set(const char *f) {
    if (*f == '^') f++;
    if (*f == ']') f++;
    while (*f && *f != ']') f++;
    return *f ? f + 1 : f;
}
static void in(const char *f, va_list given, int assigned, uintptr_t pc) {
    if (!gr__seen()) return;
    READS_STRING(f);
    va_list arguments;
    va_copy(arguments, given);
    while ((f = REAL(strchr)(f, '%'))) {
        f++;
        bool stored = true, allocates = false;
        for (; *f == '*' || *f == '\'' || *f == 'I'; f++)
            if (*f == '*') stored = false;
        size_t width = (size_t)number(&f, &arguments);
        if (*f == 'm') {
            allocates = true;
            f++;
        }
        int length = length_of(&f);
        char conversion = *f;
        if (!conversion || conversion == '$') break;
        f++;
        if (conversion == '[') f = after_set(f);
        if (conversion == '%') continue;
        if (!stored) continue;
        if (conversion != 'n' && assigned-- <= 0) break;
        if (!REAL(strchr)("diouxXnaAeEfFgGsc[p", conversion)) break;
        char *to = va_arg(arguments, char *);
        if (allocates || conversion == 'p') WRITES(to, sizeof to);
        else if (REAL(strchr)("aAeEfFgG", conversion))
            WRITES(to, length == 'L' || length == LONG_LONG ? sizeof(long double) : length == LONG ? 8 : 4);
        else if (length == LONG && conversion == 'c') WRITES(to, (width ? width : 1) * sizeof(wchar_t));
        else if (length == LONG && (conversion == 's' || conversion == '['))
            WRITES(to, (REAL(wcslen)((const void *)to) + 1) * sizeof(wchar_t));
        else if (conversion == 'c') WRITES(to, width ? width : 1);
        else if (conversion == 's' || conversion == '[') WRITES_STRING(to);
        else WRITES(to, integer_size(length));
    }
    va_end(arguments);
}

/* Each in three versions: as it was once, with %a for "allocate"; as C99 has it; as C23 has it. libc's
 * headers give the later ones the first one's name, so ours are named apart. */
#define SCAN(version, symbol, real_file, real_string)                                             \
    static int file_##version(FILE *file, const char *format, va_list arguments, uintptr_t pc) {  \
        gr__inside i = gr__go_inside(pc + 1); /* it may make blocks */                            \
        int n = REAL(real_file)(file, format, arguments);                                         \
        gr__come_out(i);                                                                          \
        gr__stream_came(file, pc);                                                                \
        in(format, arguments, n, pc);                                                             \
        return n;                                                                                 \
    }                                                                                             \
    static int string_##version(const char *s, const char *format, va_list arguments,             \
                                uintptr_t pc) {                                                   \
        gr__inside i = gr__go_inside(pc + 1);                                                     \
        int n = REAL(real_string)(s, format, arguments);                                          \
        gr__come_out(i);                                                                          \
        READS_STRING(s);                                                                          \
        in(format, arguments, n, pc);                                                             \
        return n;                                                                                 \
    }                                                                                             \
    GR__EXPORT int vfscanf_##version(FILE *file, const char *format, va_list arguments)           \
        __asm__(symbol "vfscanf");                                                                \
    GR__EXPORT int vfscanf_##version(FILE *file, const char *format, va_list arguments) {         \
        return file_##version(file, format, arguments, PLACE);                                    \
    }                                                                                             \
    GR__EXPORT int vscanf_##version(const char *format, va_list arguments)                        \
        __asm__(symbol "vscanf");                                                                 \
    GR__EXPORT int vscanf_##version(const char *format, va_list arguments) {                      \
        return file_##version(stdin, format, arguments, PLACE);                                   \
    }                                                                                             \
    GR__EXPORT int vsscanf_##version(const char *s, const char *format, va_list arguments)        \
        __asm__(symbol "vsscanf");                                                                \
    GR__EXPORT int vsscanf_##version(const char *s, const char *format, va_list arguments) {      \
        return string_##version(s, format, arguments, PLACE);                                     \
    }                                                                                             \
    GR__EXPORT int fscanf_##version(FILE *file, const char *format, ...)                          \
        __asm__(symbol "fscanf");                                                                 \
    GR__EXPORT int fscanf_##version(FILE *file, const char *format, ...) {                        \
        VARIADIC(file_##version(file, format, arguments, PLACE))                                  \
    }                                                                                             \
    GR__EXPORT int scanf_##version(const char *format, ...) __asm__(symbol "scanf");              \
    GR__EXPORT int scanf_##version(const char *format, ...) {                                     \
        VARIADIC(file_##version(stdin, format, arguments, PLACE))                                 \
    }                                                                                             \
    GR__EXPORT int sscanf_##version(const char *s, const char *format, ...)                       \
        __asm__(symbol "sscanf");                                                                 \
    GR__EXPORT int sscanf_##version(const char *s, const char *format, ...) {                     \
        VARIADIC(string_##version(s, format, arguments, PLACE))                                   \
    }
SCAN(old, "", vfscanf, vsscanf)
SCAN(c99, "__isoc99_", __isoc99_vfscanf, __isoc99_vsscanf)
#if __GLIBC_PREREQ(2, 38)
SCAN(c23, "__isoc23_", __isoc23_vfscanf, __isoc23_vsscanf)
#endif
