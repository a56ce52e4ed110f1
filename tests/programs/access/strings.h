/* strings.h - what the calls of strings.def are made with. */
#include <string.h>
#include <strings.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct { char s[32]; } text;
typedef struct { char *p; char more; } pointer;

static volatile size_t two = 2, four = 4;
static char to[64], words[] = "one,two", *rest;
static const char *volatile letters = "abcdefghijkl", *volatile short_one = "abc";
static long kept(void *block) {
    __asm__ volatile("" : "+r"(block)); /* the compiler must not leave it out */
    free(block);
    return 0;
}

#define CASES "strings.def"
#include "cases.h"

int main(void) {
    run_cases();
    (void)to, (void)kept;
    return 0;
}
