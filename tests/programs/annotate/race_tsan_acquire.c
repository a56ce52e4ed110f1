// want: race
/* A hand-over that nothing but ThreadSanitizer's own calls can tell of. */
#include "../annotations.h"

int x;
static atomic_int step;
static char object;

static void writer(void) {
    x = 1;
    ANNOTATE(__tsan_release(&object));
    step_to(&step, 1);
}
static void reader(void) {
    step_wait_in_thread(&step, 1);
    ANNOTATE(__tsan_acquire(&object));
    x++;
}

int main(void) {
    together_in_threads(writer, reader);
    return object;
}
