// want: race
/* A queue between a producer and a consumer. */
#include "../annotations.h"

int x;
static atomic_int step;
static char object;

static void writer(void) {
    x = 1;
    ANNOTATE(AnnotatePCQPut(HERE, &object));
    step_to(&step, 1);
}
static void reader(void) {
    step_wait_in_thread(&step, 1);
    ANNOTATE(AnnotatePCQGet(HERE, &object));
    x++;
}

int main(void) {
    together_in_threads(writer, reader);
    return object;
}
