// want: race
/* A relaxed store that no release came before orders nothing, though later ones of its thread may. */
#include "../together.h"

int x;
static atomic_int flag, other;

static void writer(void) {
    x = 1;
    atomic_store_explicit(&other, 1, memory_order_release);
    atomic_store_explicit(&flag, 2, memory_order_relaxed);
}
static void reader(void) {
    step_wait_in_thread(&flag, 2);
    if (atomic_load_explicit(&flag, memory_order_acquire) == 2)
        x++;
}

int main(void) {
    together_in_threads(writer, reader);
    return 0;
}
