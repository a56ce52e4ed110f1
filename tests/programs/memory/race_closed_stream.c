// want: race heap open_log
/* A FILE is closed while another thread writes to it, with nothing in between. */
#include "../together.h"

#include <stdio.h>

static FILE *out;
static atomic_int step;

static void writer(void) {
    fputs("a line\n", out);
    step_to(&step, 1);
}
static void closer(void) {
    step_wait_in_thread(&step, 1);
    fclose(out);
}
static void open_log(void) { out = fopen("/dev/null", "w"); }

int main(void) {
    open_log();
    if (!out) return 1;
    together_in_threads(writer, closer);
    return 0;
}
