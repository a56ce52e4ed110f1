/* streams.h - what the calls of streams.def are made with. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct { char s[16]; } text;
typedef struct { char s[200]; } line;
typedef struct { char *p; char more; } pointer;
typedef struct { size_t n; char more; } size;

static volatile size_t two = 2;
static FILE *zeros, *null, *lines;
static char *block, *mine;
static size_t room, mine_room;

#define CASES "streams.def"
#include "cases.h"

int main(void) {
    static char some[] = "one\ntwo\ntre\nfor\nfiv\nsix\n";
    zeros = fopen("/dev/zero", "r");
    null = fopen("/dev/null", "w");
    lines = fmemopen(some, sizeof some - 1, "r");
    if (!zeros || !null || !lines) return 1;
    run_cases();
    return 0;
}
