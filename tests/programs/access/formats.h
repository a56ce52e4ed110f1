/* formats.h - what the calls of formats.def are made with. */
#include <stdarg.h>
#include <stdio.h>
#include <wchar.h>

typedef struct { char s[16]; } text;
typedef struct { wchar_t s[8]; } wide;
typedef struct { char *p; char more; } pointer;
typedef struct { int n; char more; } counted;
typedef struct { long n; char more; } long_number;
typedef struct { short n; char more; } short_number;

static volatile size_t four = 4;
static FILE *out, *in;
static char line[64];
static int number;

#define WITH_ARGUMENTS(call)                                                                      \
    va_list arguments;                                                                            \
    va_start(arguments, format);                                                                  \
    int n = call;                                                                                 \
    va_end(arguments);                                                                            \
    return n;
static int v(int (*print)(const char *, va_list), const char *format, ...) { WITH_ARGUMENTS(print(format, arguments)) }
static int vf(const char *format, ...) { WITH_ARGUMENTS(vfprintf(out, format, arguments)) }
static int vs(char *to, const char *format, ...) { WITH_ARGUMENTS(vsprintf(to, format, arguments)) }
static int vn(char *to, size_t room, const char *format, ...) { WITH_ARGUMENTS(vsnprintf(to, room, format, arguments)) }
static int vscan(const char *from, const char *format, ...) { WITH_ARGUMENTS(vsscanf(from, format, arguments)) }
static int va(const char *format, ...) {
    char *got;
    WITH_ARGUMENTS(vasprintf(&got, format, arguments))
}

#define CASES "formats.def"
#include "cases.h"

int main(void) {
    static char text_in[] = "1f 20";
    out = fopen("/dev/null", "w");
    in = fmemopen(text_in, sizeof text_in - 1, "r");
    if (!out || !in) return 1;
    run_cases();
    return 0;
}
