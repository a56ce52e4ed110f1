// want: none
/* What an atomic store released is acquired by an annotation. */
#include "../together.h"

int x;
static atomic_int flag;

static void writer(void) {
    x = 1;
    atomic_store_explicit(&flag, 1, memory_order_release);
}
static void reader(void) {
    while (!atomic_load_explicit(&flag, memory_order_relaxed)) {}
    gr_happens_after(&flag);
    x++;
}

int main(void) {
    together_in_threads(writer, reader);
    return 0;
}
