/* numbers.h - what the calls of numbers.def are made with. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

typedef struct { char s[16]; } text;
typedef struct { char *p; char more; } pointer;
typedef struct { unsigned n; char more; } seed;
typedef struct { long n; char more; } long_seed;
typedef struct { struct random_data of; } state;
typedef struct { struct drand48_data of; } state48;

static char memory[64], mine[64];
static double number;
static struct random_data generator;
static struct drand48_data generator48;

#define CASES "numbers.def"
#include "cases.h"

int main(void) {
    initstate_r(1, mine, sizeof mine, &generator);
    run_cases();
    return 0;
}
