// want: none
/* C11: a release sequence goes on with relaxed stores of the thread that began it. */
#include "../together.h"

int x;
static atomic_int flag;

static void writer(void) {
    x = 1;
    atomic_store_explicit(&flag, 1, memory_order_release);
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
