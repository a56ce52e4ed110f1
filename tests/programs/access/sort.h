/* sort.h - what the calls of sort.def are made with. */
#include <stdlib.h>

typedef struct { int n[5]; } ints;
#define FIVE {4, 3, 2, 1, 0}
#define RISING {1, 2, 3, 4, 5}

static volatile size_t four = 4;
static int way = 1, numbers[] = FIVE, ordered[] = RISING, wanted = 3;

static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
static int compare_by(const void *a, const void *b, void *by) { return *(int *)by * compare(a, b); }

#define CASES "sort.def"
#include "cases.h"

int main(void) {
    run_cases();
    return 0;
}
