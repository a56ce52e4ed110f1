// want: race
// flags: -O1 -Wno-tsan
/* A release fence needs an acquire on the other side. */
#include "../together.h"

int x;
static atomic_int flag;

static void writer(void) {
    x = 1;
    atomic_thread_fence(memory_order_release);
    step_to(&flag, 1);
}
static void reader(void) {
    step_wait_in_thread(&flag, 1);
    x++;
}

int main(void) {
    together_in_threads(writer, reader);
    return 0;
}
