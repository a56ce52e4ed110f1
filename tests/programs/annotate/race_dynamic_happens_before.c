// want: race
/* The same by dynamic annotations. */
#include "../annotations.h"

int x;
static atomic_int step;
static char object;

static void writer(void) {
    x = 1;
    ANNOTATE(AnnotateHappensBefore(HERE, &object));
    step_to(&step, 1);
}
static void reader(void) {
    step_wait_in_thread(&step, 1);
    ANNOTATE(AnnotateHappensAfter(HERE, &object));
    x++;
}

int main(void) {
    together_in_threads(writer, reader);
    return object;
}
