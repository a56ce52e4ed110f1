// want: none
/* The two annotations make an edge where the detector can see none. */
#include "../together.h"

int x;
static atomic_int flag;

static void writer(void) {
    x = 1;
    gr_happens_before(&flag);
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
