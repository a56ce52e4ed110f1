/* libc_number.c - numbers out of strings: what of the string is read, and where its end is stored; and
 * numbers in two parts. Any
 * thread. atoi's family reads as strtol's does. */
#include "detector/doors/interpose.h"

#include <ctype.h>
#include <inttypes.h>
#include <wchar.h>

#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wnonnull-compare"

/* To the character after the number, which ended it; where there is none, to the first that is no space. */
static void parsed(const char *s, const char *end, char **where, uintptr_t pc) {
    if (!gr__seen()) return;
    if (end == s)
        while (isspace((unsigned char)*end)) end++;
    READS(s, (size_t)(end - s) + 1);
    if (where) WRITES(where, sizeof *where);
}

#define NUMBER(type, name)                                                                        \
    GR__EXPORT type name(const char *restrict s, char **restrict where) {                         \
        char *end;                                                                                \
        type value = REAL(name)(s, &end);                                                         \
        parsed(s, end, where, PLACE);                                                             \
        if (where) *where = end;                                                                  \
        return value;                                                                             \
    }
#define INTEGER(type, name)                                                                       \
    GR__EXPORT type name(const char *restrict s, char **restrict where, int base) {               \
        char *end = NULL; /* it stays so for a base that is none */                               \
        type value = REAL(name)(s, &end, base);                                                   \
        if (end) parsed(s, end, where, PLACE);                                                    \
        if (end && where) *where = end;                                                           \
        return value;                                                                             \
    }
#define WHOLE(type, name, convert)                                                                \
    GR__EXPORT type name(const char *s) {                                                         \
        char *end;                                                                                \
        type value = (type)convert;                                                               \
        parsed(s, end, NULL, PLACE);                                                              \
        return value;                                                                             \
    }

NUMBER(float, strtof)
NUMBER(double, strtod)
NUMBER(long double, strtold)
INTEGER(long, strtol)
INTEGER(unsigned long, strtoul)
INTEGER(long long, strtoll)
INTEGER(unsigned long long, strtoull)
INTEGER(intmax_t, strtoimax)
INTEGER(uintmax_t, strtoumax)
WHOLE(int, atoi, REAL(strtol)(s, &end, 10))
WHOLE(long, atol, REAL(strtol)(s, &end, 10))
WHOLE(long long, atoll, REAL(strtoll)(s, &end, 10))
WHOLE(double, atof, REAL(strtod)(s, &end))
GR__EXPORT double modf(double value, double *whole) {
    HERE;
    WRITES(whole, sizeof *whole);
    return REAL(modf)(value, whole);
}
GR__EXPORT double frexp(double value, int *exponent) {
    HERE;
    WRITES(exponent, sizeof *exponent);
    return REAL(frexp)(value, exponent);
}
#if __GLIBC_PREREQ(2, 38)
INTEGER(long, __isoc23_strtol)
INTEGER(unsigned long, __isoc23_strtoul)
INTEGER(long long, __isoc23_strtoll)
INTEGER(unsigned long long, __isoc23_strtoull)
INTEGER(intmax_t, __isoc23_strtoimax)
INTEGER(uintmax_t, __isoc23_strtoumax)
#endif
