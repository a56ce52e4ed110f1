/* wide.h - what the calls of wide.def are made with. */
#include <stdlib.h>
#include <wchar.h>

typedef struct { wchar_t s[32]; } text;
typedef struct { char s[32]; } byte_text;
typedef struct { wchar_t *p; char more; } end;

static volatile size_t two = 2, four = 4;
static wchar_t to[64];
static char bytes[64];
static const wchar_t *volatile letters = L"abcdefghijkl", *volatile short_one = L"abc";
static long kept(void *block) {
    __asm__ volatile("" : "+r"(block)); /* the compiler must not leave it out */
    free(block);
    return 0;
}

#define CASES "wide.def"
#include "cases.h"

int main(void) {
    run_cases();
    (void)to;
    return 0;
}
