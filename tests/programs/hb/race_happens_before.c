// want: race
/* An annotation speaks of one object: another one gets no edge. */
#include "../together.h"

int x;
static atomic_int flag, other;

static void writer(void) {
    x = 1;
    gr_happens_before(&other);
    step_to(&flag, 1);
}
static void reader(void) {
    step_wait(&flag, 1);
    gr_happens_after(&flag);
    x++;
}

int main(void) {
    together(writer, reader);
    return 0;
}
