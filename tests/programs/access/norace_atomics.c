// want: none
/* Atomic operations do not race, in whatever order. */
#include "../together.h"

static atomic_int count;
static _Atomic(long) total;

static void adder(void) {
    for (int i = 0; i < 100; i++) {
        atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
        total += 2;
    }
}

int main(void) {
    together_in_threads(adder, adder);
    return count != 200 || total != 400;
}
