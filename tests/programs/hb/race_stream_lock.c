// want: race 'x'
/* That calls on one FILE come one after the other orders nothing else. */
#include "../together.h"

#include <stdio.h>

int x;
static FILE *out;
static atomic_int step;

static void first(void) {
    x = 1;
    fprintf(out, "%d\n", 1);
    step_to(&step, 1);
}
static void second(void) {
    step_wait_in_thread(&step, 1);
    fprintf(out, "%d\n", 2);
    flockfile(out);
    x++;
    funlockfile(out);
}

int main(void) {
    out = fopen("/dev/null", "w");
    if (!out) return 1;
    together_in_threads(first, second);
    fclose(out);
    return 0;
}
