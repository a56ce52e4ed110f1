/* libc_string.c - the memory that mem and str functions read and write for the program. Any thread.
 *
 * memcpy, memmove and memset work before the real ones are known: start-up code may need them. */
#include "detector/doors/interpose.h"

#include <ctype.h>

#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wnonnull-compare"

static void *copy_up(void *to, const void *from, size_t n) {
    gr__copy(to, from, n);
    return to;
}
static void *copy_down(void *to, const void *from, size_t n) {
    volatile char *t = to;
    const char *f = from;
    while (n--) t[n] = f[n];
    return to;
}
static void *fill(void *to, int value, size_t n) {
    volatile char *t = to;
    while (n--) t[n] = (char)value;
    return to;
}

GR__EXPORT void *memcpy(void *restrict to, const void *restrict from, size_t n) {
    HERE;
    if (GR__UNLIKELY(!REAL(memcpy))) return copy_up(to, from, n);
    READS(from, n);
    WRITES(to, n);
    return REAL(memcpy)(to, from, n);
}
GR__EXPORT void *memmove(void *to, const void *from, size_t n) {
    HERE;
    if (GR__UNLIKELY(!REAL(memmove)))
        return (uintptr_t)to < (uintptr_t)from ? copy_up(to, from, n) : copy_down(to, from, n);
    READS(from, n);
    WRITES(to, n);
    return REAL(memmove)(to, from, n);
}
GR__EXPORT void *memset(void *to, int value, size_t n) {
    HERE;
    if (GR__UNLIKELY(!REAL(memset))) return fill(to, value, n);
    WRITES(to, n);
    return REAL(memset)(to, value, n);
}

/* clang calls these for what it copies and fills itself. */
GR__EXPORT void *__tsan_memcpy(void *to, const void *from, size_t n) {
    HERE;
    READS(from, n);
    WRITES(to, n);
    return REAL(memmove)(to, from, n); /* a struct may be assigned to itself */
}
GR__EXPORT void *__tsan_memmove(void *to, const void *from, size_t n) {
    HERE;
    READS(from, n);
    WRITES(to, n);
    return REAL(memmove)(to, from, n);
}
GR__EXPORT void *__tsan_memset(void *to, int value, size_t n) {
    HERE;
    WRITES(to, n);
    return REAL(memset)(to, value, n);
}

GR__EXPORT void *mempcpy(void *restrict to, const void *restrict from, size_t n) {
    HERE;
    READS(from, n);
    WRITES(to, n);
    return REAL(mempcpy)(to, from, n);
}
GR__EXPORT void bzero(void *to, size_t n) {
    HERE;
    WRITES(to, n);
    REAL(memset)(to, 0, n);
}
GR__EXPORT void explicit_bzero(void *to, size_t n) {
    HERE;
    WRITES(to, n);
    REAL(explicit_bzero)(to, n);
}
GR__EXPORT void bcopy(const void *from, void *to, size_t n) {
    HERE;
    READS(from, n);
    WRITES(to, n);
    REAL(memmove)(to, from, n);
}

/* The next page may not be there. */
static bool leaves_page(const char *p) { return ((uintptr_t)p & (GR__PAGE - 1)) > GR__PAGE - 8; }
/* How far the comparison of what differs looks: to the first difference. */
static size_t compared(const char *a, const char *b) {
    for (size_t i = 0;; i += 8) {
        uint64_t x, y;
        if (leaves_page(a + i) || leaves_page(b + i)) {
            for (unsigned k = 0; k < 8; k++)
                if (a[i + k] != b[i + k]) return i + k + 1;
            continue;
        }
        __builtin_memcpy(&x, a + i, sizeof x);
        __builtin_memcpy(&y, b + i, sizeof y);
        if (x != y) return i + (size_t)__builtin_ctzll(x ^ y) / 8 + 1;
    }
}
static int compare(const void *a, const void *b, size_t n, uintptr_t pc) {
    int differs = REAL(memcmp)(a, b, n);
    if (gr__looks()) {
        size_t looked = differs ? compared(a, b) : n;
        READS(a, looked);
        READS(b, looked);
    }
    return differs;
}
GR__EXPORT int memcmp(const void *a, const void *b, size_t n) { return compare(a, b, n, PLACE); }
GR__EXPORT int bcmp(const void *a, const void *b, size_t n) { return compare(a, b, n, PLACE); }

GR__EXPORT void *memchr(const void *s, int c, size_t n) {
    HERE;
    void *found = REAL(memchr)(s, c, n);
    READS(s, found ? (size_t)((char *)found - (const char *)s) + 1 : n);
    return found;
}
GR__EXPORT void *memrchr(const void *s, int c, size_t n) {
    HERE;
    char *found = REAL(memrchr)(s, c, n), *from = found ? found : (char *)(uintptr_t)s;
    READS(from, n - (size_t)(from - (const char *)s));
    return found;
}
GR__EXPORT void *memmem(const void *s, size_t n, const void *what, size_t length) {
    HERE;
    char *found = REAL(memmem)(s, n, what, length);
    READS(s, found ? (size_t)(found - (const char *)s) + length : n);
    READS(what, length);
    return found;
}

/* --- strings --- */

GR__EXPORT size_t strlen(const char *s) {
    HERE;
    size_t n = 0;
    if (GR__UNLIKELY(!REAL(strlen))) {
        while (s[n]) n++;
        return n;
    }
    n = REAL(strlen)(s);
    READS(s, n + 1);
    return n;
}
GR__EXPORT size_t strnlen(const char *s, size_t most) {
    HERE;
    size_t n = REAL(strnlen)(s, most);
    READS(s, n < most ? n + 1 : most);
    return n;
}

static void copies(char *to, const char *from, size_t read, size_t written, uintptr_t pc) {
    READS(from, read);
    WRITES(to, written);
}
static size_t with_end(const char *s) { return REAL(strlen)(s) + 1; }
static size_t at_most(const char *s, size_t n) {
    size_t length = REAL(strnlen)(s, n);
    return length < n ? length + 1 : n;
}
/* Appending reads the old string for its end. */
static void appends(char *to, const char *from, size_t read, size_t written, uintptr_t pc) {
    size_t old = REAL(strlen)(to);
    READS(to, old + 1);
    copies(to + old, from, read, written, pc);
}

GR__EXPORT char *strcpy(char *restrict to, const char *restrict from) {
    size_t n = with_end(from);
    copies(to, from, n, n, PLACE);
    return REAL(strcpy)(to, from);
}
GR__EXPORT char *stpcpy(char *restrict to, const char *restrict from) {
    size_t n = with_end(from);
    copies(to, from, n, n, PLACE);
    return REAL(stpcpy)(to, from);
}
GR__EXPORT char *strncpy(char *restrict to, const char *restrict from, size_t n) {
    copies(to, from, at_most(from, n), n, PLACE);
    return REAL(strncpy)(to, from, n);
}
GR__EXPORT char *stpncpy(char *restrict to, const char *restrict from, size_t n) {
    copies(to, from, at_most(from, n), n, PLACE);
    return REAL(stpncpy)(to, from, n);
}
GR__EXPORT void *memccpy(void *restrict to, const void *restrict from, int c, size_t n) {
    HERE;
    char *end = REAL(memccpy)(to, from, c, n);
    size_t copied = end ? (size_t)(end - (char *)to) : n;
    READS(from, copied);
    WRITES(to, copied);
    return end;
}
GR__EXPORT void swab(const void *restrict from, void *restrict to, ssize_t n) {
    HERE;
    REAL(swab)(from, to, n);
    if (n < 2) return;
    READS(from, (size_t)n & ~(size_t)1);
    WRITES(to, (size_t)n & ~(size_t)1);
}
GR__EXPORT char *strcat(char *restrict to, const char *restrict from) {
    size_t n = with_end(from);
    appends(to, from, n, n, PLACE);
    return REAL(strcat)(to, from);
}
GR__EXPORT char *strncat(char *restrict to, const char *restrict from, size_t n) {
    appends(to, from, at_most(from, n), REAL(strnlen)(from, n) + 1, PLACE);
    return REAL(strncat)(to, from, n);
}

#if __GLIBC_PREREQ(2, 38)
GR__EXPORT size_t strlcpy(char *restrict to, const char *restrict from, size_t n) {
    size_t length = REAL(strlen)(from);
    copies(to, from, length + 1, length < n ? length + 1 : n, PLACE);
    return REAL(strlcpy)(to, from, n);
}
GR__EXPORT size_t strlcat(char *restrict to, const char *restrict from, size_t n) {
    HERE;
    size_t old = REAL(strnlen)(to, n), length = REAL(strlen)(from), room = n - old;
    READS(to, old < n ? old + 1 : n);
    copies(to + old, from, length + 1, length < room ? length + 1 : room, pc);
    return REAL(strlcat)(to, from, n);
}
#endif

static void string_compare(const char *a, const char *b, size_t n, bool fold, uintptr_t pc) {
    if (!gr__looks()) return;
    size_t i = 0;
    for (; i < n; i++) {
        unsigned char x = (unsigned char)a[i], y = (unsigned char)b[i];
        if (!x || (x != y && !(fold && tolower(x) == tolower(y)))) break;
    }
    size_t looked = i < n ? i + 1 : n;
    READS(a, looked);
    READS(b, looked);
}
GR__EXPORT int strcmp(const char *a, const char *b) {
    HERE;
    int differs = REAL(strcmp)(a, b);
    if (gr__looks()) {
        size_t looked = differs ? compared(a, b) : with_end(a);
        READS(a, looked);
        READS(b, looked);
    }
    return differs;
}
GR__EXPORT int strncmp(const char *a, const char *b, size_t n) {
    string_compare(a, b, n, false, PLACE);
    return REAL(strncmp)(a, b, n);
}
GR__EXPORT int strcasecmp(const char *a, const char *b) {
    string_compare(a, b, SIZE_MAX, true, PLACE);
    return REAL(strcasecmp)(a, b);
}
GR__EXPORT int strncasecmp(const char *a, const char *b, size_t n) {
    string_compare(a, b, n, true, PLACE);
    return REAL(strncasecmp)(a, b, n);
}

GR__EXPORT int strverscmp(const char *a, const char *b) {
    string_compare(a, b, SIZE_MAX, false, PLACE);
    return REAL(strverscmp)(a, b);
}
/* Who compares by the rules of a language looks at all of both. */
GR__EXPORT int strcoll(const char *a, const char *b) {
    HERE;
    READS_STRING(a);
    READS_STRING(b);
    return REAL(strcoll)(a, b);
}
GR__EXPORT size_t strxfrm(char *restrict to, const char *restrict from, size_t n) {
    HERE;
    size_t length = REAL(strxfrm)(to, from, n);
    READS_STRING(from);
    if (length < n) WRITES(to, length + 1);
    return length;
}

GR__EXPORT char *strchr(const char *s, int c) {
    HERE;
    char *found = REAL(strchr)(s, c);
    if (gr__looks()) READS(s, found ? (size_t)(found - s) + 1 : with_end(s));
    return found;
}
GR__EXPORT char *strrchr(const char *s, int c) {
    HERE;
    if (gr__looks()) READS(s, with_end(s));
    return REAL(strrchr)(s, c);
}
GR__EXPORT char *strchrnul(const char *s, int c) {
    HERE;
    char *found = REAL(strchrnul)(s, c);
    READS(s, (size_t)(found - s) + 1);
    return found;
}
GR__EXPORT void *rawmemchr(const void *s, int c) {
    HERE;
    char *found = REAL(rawmemchr)(s, c);
    READS(s, (size_t)(found - (const char *)s) + 1);
    return found;
}
GR__EXPORT char *strcasestr(const char *s, const char *what) {
    HERE;
    char *found = REAL(strcasestr)(s, what);
    if (gr__looks()) {
        size_t length = REAL(strlen)(what);
        READS(what, length + 1);
        READS(s, found ? (size_t)(found - s) + length : with_end(s));
    }
    return found;
}
GR__EXPORT char *strstr(const char *s, const char *what) {
    HERE;
    char *found = REAL(strstr)(s, what);
    if (gr__looks()) {
        size_t length = REAL(strlen)(what);
        READS(what, length + 1);
        READS(s, found ? (size_t)(found - s) + length : with_end(s));
    }
    return found;
}

/* Which character of s is the first that belongs to a set, or does not. */
GR__EXPORT size_t strspn(const char *s, const char *set) {
    HERE;
    size_t n = REAL(strspn)(s, set);
    READS_STRING(set);
    READS(s, n + 1);
    return n;
}
GR__EXPORT size_t strcspn(const char *s, const char *set) {
    HERE;
    size_t n = REAL(strcspn)(s, set);
    READS_STRING(set);
    READS(s, n + 1);
    return n;
}
GR__EXPORT char *strpbrk(const char *s, const char *set) {
    HERE;
    char *found = REAL(strpbrk)(s, set);
    READS_STRING(set);
    if (gr__looks()) READS(s, found ? (size_t)(found - s) + 1 : with_end(s));
    return found;
}

/* --- tokens: the string is read to the token's end, which becomes the end of a string --- */

static void cut(const char *from, const char *token, const char *rest, const char *set, uintptr_t pc) {
    READS_STRING(set);
    if (!from || !gr__looks()) return;
    const char *start = token ? token : from, *end = start + REAL(strlen)(start);
    READS(from, (size_t)(end - from) + 1);
    if (token && rest > end) WRITES(end, 1);
}
GR__EXPORT char *strsep(char **restrict s, const char *restrict set) {
    HERE;
    char *from = *s, *token = REAL(strsep)(s, set);
    WRITES(s, sizeof *s);
    cut(from, token, *s, set, pc);
    return token;
}
static char *next_token(char *s, const char *set, char **rest, uintptr_t pc) {
    char *from = s ? s : *rest, *token = REAL(strtok_r)(s, set, rest);
    WRITES(rest, sizeof *rest);
    cut(from, token, *rest, set, pc);
    return token;
}
GR__EXPORT char *strtok_r(char *restrict s, const char *restrict set, char **restrict rest) {
    return next_token(s, set, rest, PLACE);
}
GR__EXPORT char *__strtok_r(char *restrict s, const char *restrict set, char **restrict rest) {
    return next_token(s, set, rest, PLACE);
}
/* Where the next call goes on is kept here, as libc would: two threads at it at once are a race. */
GR__EXPORT char *strtok(char *restrict s, const char *restrict set) {
    static char *strtok_state;
    return next_token(s, set, &strtok_state, PLACE);
}

GR__EXPORT char *strdup(const char *s) {
    HERE;
    size_t n = with_end(s);
    READS(s, n);
    gr__inside i = gr__go_inside(GR__PC);
    char *copy = REAL(strdup)(s);
    gr__come_out(i);
    if (copy) WRITES(copy, n);
    return copy;
}
GR__EXPORT char *strndup(const char *s, size_t most) {
    HERE;
    READS(s, at_most(s, most));
    gr__inside i = gr__go_inside(GR__PC);
    char *copy = REAL(strndup)(s, most);
    gr__come_out(i);
    if (copy) WRITES(copy, with_end(copy));
    return copy;
}

/* --- the same with the size of the destination, from _FORTIFY_SOURCE --- */

GR__EXPORT void *__memcpy_chk(void *to, const void *from, size_t n, size_t room) {
    HERE;
    READS(from, n);
    WRITES(to, n);
    return REAL(__memcpy_chk)(to, from, n, room);
}
GR__EXPORT void *__memmove_chk(void *to, const void *from, size_t n, size_t room) {
    HERE;
    READS(from, n);
    WRITES(to, n);
    return REAL(__memmove_chk)(to, from, n, room);
}
GR__EXPORT void *__mempcpy_chk(void *to, const void *from, size_t n, size_t room) {
    HERE;
    READS(from, n);
    WRITES(to, n);
    return REAL(__mempcpy_chk)(to, from, n, room);
}
GR__EXPORT void *__memset_chk(void *to, int value, size_t n, size_t room) {
    HERE;
    WRITES(to, n);
    return REAL(__memset_chk)(to, value, n, room);
}
GR__EXPORT char *__strcpy_chk(char *to, const char *from, size_t room) {
    size_t n = with_end(from);
    copies(to, from, n, n, PLACE);
    return REAL(__strcpy_chk)(to, from, room);
}
GR__EXPORT char *__stpcpy_chk(char *to, const char *from, size_t room) {
    size_t n = with_end(from);
    copies(to, from, n, n, PLACE);
    return REAL(__stpcpy_chk)(to, from, room);
}
GR__EXPORT char *__strncpy_chk(char *to, const char *from, size_t n, size_t room) {
    copies(to, from, at_most(from, n), n, PLACE);
    return REAL(__strncpy_chk)(to, from, n, room);
}
GR__EXPORT char *__stpncpy_chk(char *to, const char *from, size_t n, size_t room) {
    copies(to, from, at_most(from, n), n, PLACE);
    return REAL(__stpncpy_chk)(to, from, n, room);
}
GR__EXPORT void __explicit_bzero_chk(void *to, size_t n, size_t room) {
    HERE;
    WRITES(to, n);
    REAL(__explicit_bzero_chk)(to, n, room);
}
GR__EXPORT char *__strcat_chk(char *to, const char *from, size_t room) {
    size_t n = with_end(from);
    appends(to, from, n, n, PLACE);
    return REAL(__strcat_chk)(to, from, room);
}
GR__EXPORT char *__strncat_chk(char *to, const char *from, size_t n, size_t room) {
    appends(to, from, at_most(from, n), REAL(strnlen)(from, n) + 1, PLACE);
    return REAL(__strncat_chk)(to, from, n, room);
}
