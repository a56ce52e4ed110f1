// want: race
/* A condition variable of the program's own. */
#include "../annotations.h"

int x;
static atomic_int step;
static char object;

static void writer(void) {
    x = 1;
    ANNOTATE(AnnotateCondVarSignal(HERE, &object));
    step_to(&step, 1);
}
static void reader(void) {
    step_wait_in_thread(&step, 1);
    ANNOTATE(AnnotateCondVarWait(HERE, &object, &step));
    x++;
}

int main(void) {
    together_in_threads(writer, reader);
    return object;
}
