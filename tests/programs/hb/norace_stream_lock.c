// want: none
/* flockfile and funlockfile are a lock like another, also where characters go through the FILE unlocked;
 * the FILE's own lock, in each call, makes no report. */
#include "../together.h"

#include <stdio.h>

int x, y;
static FILE *out;

static void counter(void) {
    for (int i = 0; i < 100; i++) {
        flockfile(out);
        flockfile(out);
        x++;
        putc_unlocked('x', out);
        funlockfile(out);
        y++;
        funlockfile(out);
        fprintf(out, "%d\n", i);
        fputs("and more\n", out);
        if (ftrylockfile(out) == 0) {
            x++;
            funlockfile(out);
        }
    }
}

int main(void) {
    out = fopen("/dev/null", "w");
    if (!out) return 1;
    together_in_threads(counter, counter);
    fclose(out);
    return x < 200 || y != 200;
}
