// want: race
/* One side is not to be checked (writes). */
#include "../annotations.h"

int x;
static atomic_int step;

static void writer(void) {
    ANNOTATE(AnnotateIgnoreWritesBegin(HERE));
    x = 1;
    ANNOTATE(AnnotateIgnoreWritesEnd(HERE));
    step_to(&step, 1);
}
static void reader(void) {
    step_wait_in_thread(&step, 1);
    int seen = x;
    step_to(&step, 1 + seen);
}

int main(void) {
    together_in_threads(writer, reader);
    return 0;
}
