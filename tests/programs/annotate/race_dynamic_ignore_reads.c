// want: race
/* One side is not to be checked (reads). */
#include "../annotations.h"

int x;
static atomic_int step;

static void writer(void) {
    x = 1;
    step_to(&step, 1);
}
static void reader(void) {
    step_wait_in_thread(&step, 1);
    ANNOTATE(AnnotateIgnoreReadsBegin(HERE));
    int seen = x;
    ANNOTATE(AnnotateIgnoreReadsEnd(HERE));
    step_to(&step, 1 + seen);
}

int main(void) {
    together_in_threads(writer, reader);
    return 0;
}
