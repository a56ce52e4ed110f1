/* libc_wide.c - the memory that wcs and wmem functions, and conversions to and from wide characters, read
 * and write for the program. Any thread. Lengths are in characters, effects in bytes. */
#include "detector/doors/interpose.h"

#include <wchar.h>

#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wnonnull-compare"

#define READS_WIDE(s, n) READS((s), (n) * sizeof(wchar_t))
#define WRITES_WIDE(s, n) WRITES((s), (n) * sizeof(wchar_t))

static size_t with_end(const wchar_t *s) { return REAL(wcslen)(s) + 1; }
static size_t at_most(const wchar_t *s, size_t n) {
    size_t length = REAL(wcsnlen)(s, n);
    return length < n ? length + 1 : n;
}
static void copies(wchar_t *to, const wchar_t *from, size_t read, size_t written, uintptr_t pc) {
    READS_WIDE(from, read);
    WRITES_WIDE(to, written);
}
static void appends(wchar_t *to, const wchar_t *from, size_t read, size_t written, uintptr_t pc) {
    size_t old = REAL(wcslen)(to);
    READS_WIDE(to, old + 1);
    copies(to + old, from, read, written, pc);
}

/* --- copying, and the same with the size of the destination, from _FORTIFY_SOURCE --- */

#define ONE_SIZE(name, read, written)                                                             \
    GR__EXPORT wchar_t *name(wchar_t *restrict to, const wchar_t *restrict from, size_t n) {      \
        copies(to, from, (read), (written), PLACE);                                               \
        return REAL(name)(to, from, n);                                                           \
    }                                                                                             \
    GR__EXPORT wchar_t *__##name##_chk(wchar_t *to, const wchar_t *from, size_t n, size_t room) { \
        copies(to, from, (read), (written), PLACE);                                               \
        return REAL(__##name##_chk)(to, from, n, room);                                           \
    }
#define NO_SIZE(name, effect)                                                                     \
    GR__EXPORT wchar_t *name(wchar_t *restrict to, const wchar_t *restrict from) {                \
        size_t n = with_end(from);                                                                \
        effect(to, from, n, n, PLACE);                                                            \
        return REAL(name)(to, from);                                                              \
    }                                                                                             \
    GR__EXPORT wchar_t *__##name##_chk(wchar_t *to, const wchar_t *from, size_t room) {           \
        size_t n = with_end(from);                                                                \
        effect(to, from, n, n, PLACE);                                                            \
        return REAL(__##name##_chk)(to, from, room);                                              \
    }
ONE_SIZE(wmemcpy, n, n)
ONE_SIZE(wmemmove, n, n)
ONE_SIZE(wmempcpy, n, n)
ONE_SIZE(wcsncpy, at_most(from, n), n)
ONE_SIZE(wcpncpy, at_most(from, n), n)
NO_SIZE(wcscpy, copies)
NO_SIZE(wcpcpy, copies)
NO_SIZE(wcscat, appends)

GR__EXPORT wchar_t *wcsncat(wchar_t *restrict to, const wchar_t *restrict from, size_t n) {
    appends(to, from, at_most(from, n), REAL(wcsnlen)(from, n) + 1, PLACE);
    return REAL(wcsncat)(to, from, n);
}
GR__EXPORT wchar_t *__wcsncat_chk(wchar_t *to, const wchar_t *from, size_t n, size_t room) {
    appends(to, from, at_most(from, n), REAL(wcsnlen)(from, n) + 1, PLACE);
    return REAL(__wcsncat_chk)(to, from, n, room);
}
GR__EXPORT wchar_t *wmemset(wchar_t *to, wchar_t c, size_t n) {
    HERE;
    WRITES_WIDE(to, n);
    return REAL(wmemset)(to, c, n);
}
GR__EXPORT wchar_t *__wmemset_chk(wchar_t *to, wchar_t c, size_t n, size_t room) {
    HERE;
    WRITES_WIDE(to, n);
    return REAL(__wmemset_chk)(to, c, n, room);
}
GR__EXPORT wchar_t *wcsdup(const wchar_t *s) {
    HERE;
    size_t n = with_end(s);
    READS_WIDE(s, n);
    gr__inside i = gr__go_inside(GR__PC);
    wchar_t *copy = REAL(wcsdup)(s);
    gr__come_out(i);
    if (copy) WRITES_WIDE(copy, n);
    return copy;
}

/* --- looking --- */

GR__EXPORT size_t wcslen(const wchar_t *s) {
    HERE;
    size_t n = REAL(wcslen)(s);
    READS_WIDE(s, n + 1);
    return n;
}
GR__EXPORT size_t wcsnlen(const wchar_t *s, size_t most) {
    HERE;
    size_t n = REAL(wcsnlen)(s, most);
    READS_WIDE(s, n < most ? n + 1 : most);
    return n;
}

static void compared(const wchar_t *a, const wchar_t *b, size_t n, bool strings, uintptr_t pc) {
    if (!gr__seen()) return;
    size_t i = 0;
    while (i < n && a[i] == b[i] && !(strings && !a[i])) i++;
    size_t looked = i < n ? i + 1 : n;
    READS_WIDE(a, looked);
    READS_WIDE(b, looked);
}
GR__EXPORT int wmemcmp(const wchar_t *a, const wchar_t *b, size_t n) {
    compared(a, b, n, false, PLACE);
    return REAL(wmemcmp)(a, b, n);
}
GR__EXPORT int wcscmp(const wchar_t *a, const wchar_t *b) {
    compared(a, b, SIZE_MAX, true, PLACE);
    return REAL(wcscmp)(a, b);
}
GR__EXPORT int wcsncmp(const wchar_t *a, const wchar_t *b, size_t n) {
    compared(a, b, n, true, PLACE);
    return REAL(wcsncmp)(a, b, n);
}
GR__EXPORT wchar_t *wmemchr(const wchar_t *s, wchar_t c, size_t n) {
    HERE;
    wchar_t *found = REAL(wmemchr)(s, c, n);
    READS_WIDE(s, found ? (size_t)(found - s) + 1 : n);
    return found;
}
GR__EXPORT wchar_t *wcschr(const wchar_t *s, wchar_t c) {
    HERE;
    wchar_t *found = REAL(wcschr)(s, c);
    if (gr__seen()) READS_WIDE(s, found ? (size_t)(found - s) + 1 : with_end(s));
    return found;
}
GR__EXPORT wchar_t *wcsrchr(const wchar_t *s, wchar_t c) {
    HERE;
    if (gr__seen()) READS_WIDE(s, with_end(s));
    return REAL(wcsrchr)(s, c);
}
GR__EXPORT wchar_t *wcsstr(const wchar_t *s, const wchar_t *what) {
    HERE;
    wchar_t *found = REAL(wcsstr)(s, what);
    if (gr__seen()) {
        size_t length = REAL(wcslen)(what);
        READS_WIDE(what, length + 1);
        READS_WIDE(s, found ? (size_t)(found - s) + length : with_end(s));
    }
    return found;
}
GR__EXPORT size_t wcsspn(const wchar_t *s, const wchar_t *set) {
    HERE;
    size_t n = REAL(wcsspn)(s, set);
    if (gr__seen()) READS_WIDE(set, with_end(set));
    READS_WIDE(s, n + 1);
    return n;
}
GR__EXPORT size_t wcscspn(const wchar_t *s, const wchar_t *set) {
    HERE;
    size_t n = REAL(wcscspn)(s, set);
    if (gr__seen()) READS_WIDE(set, with_end(set));
    READS_WIDE(s, n + 1);
    return n;
}

/* --- to and from bytes: a result below the room means that the end went along --- */

static void narrowed(const wchar_t *from, char *to, size_t n, size_t room, uintptr_t pc) {
    if (n == SIZE_MAX || !to || !gr__seen()) return;
    WRITES(to, n < room ? n + 1 : n);
    if (n < room) READS_WIDE(from, with_end(from));
}
static void widened(const char *from, wchar_t *to, size_t n, size_t room, uintptr_t pc) {
    if (n == SIZE_MAX || !to || !gr__seen()) return;
    WRITES_WIDE(to, n < room ? n + 1 : n);
    if (n < room) READS_STRING(from);
}
GR__EXPORT size_t wcstombs(char *restrict to, const wchar_t *restrict from, size_t room) {
    size_t n = REAL(wcstombs)(to, from, room);
    narrowed(from, to, n, room, PLACE);
    return n;
}
GR__EXPORT size_t __wcstombs_chk(char *to, const wchar_t *from, size_t room, size_t size) {
    size_t n = REAL(__wcstombs_chk)(to, from, room, size);
    narrowed(from, to, n, room, PLACE);
    return n;
}
GR__EXPORT size_t mbstowcs(wchar_t *restrict to, const char *restrict from, size_t room) {
    size_t n = REAL(mbstowcs)(to, from, room);
    widened(from, to, n, room, PLACE);
    return n;
}
GR__EXPORT size_t __mbstowcs_chk(wchar_t *to, const char *from, size_t room, size_t size) {
    size_t n = REAL(__mbstowcs_chk)(to, from, room, size);
    widened(from, to, n, room, PLACE);
    return n;
}

/* --- numbers --- */

static void parsed(const wchar_t *s, const wchar_t *end, wchar_t **where, uintptr_t pc) {
    READS_WIDE(s, (size_t)(end - s) + 1);
    if (where) WRITES(where, sizeof *where);
}
#define INTEGER(type, name)                                                                       \
    GR__EXPORT type name(const wchar_t *restrict s, wchar_t **restrict where, int base) {         \
        wchar_t *end = NULL; /* it stays so for a base that is none */                            \
        type value = REAL(name)(s, &end, base);                                                   \
        if (end) parsed(s, end, where, PLACE);                                                    \
        if (end && where) *where = end;                                                           \
        return value;                                                                             \
    }
INTEGER(long, wcstol)
INTEGER(unsigned long, wcstoul)
INTEGER(long long, wcstoll)
INTEGER(unsigned long long, wcstoull)
GR__EXPORT double wcstod(const wchar_t *restrict s, wchar_t **restrict where) {
    wchar_t *end;
    double value = REAL(wcstod)(s, &end);
    parsed(s, end, where, PLACE);
    if (where) *where = end;
    return value;
}
