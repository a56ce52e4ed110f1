// class: data race
// want: GR1001 is_open
/* A breaker's state is set by an atomic store, and read as if it were a plain variable. Repaired: an
 * atomic load. */
#include "kernel.h"

int state;

static void trip(void) { __atomic_store_n(&state, 1, __ATOMIC_RELEASE); }
static bool is_open(void) {
#ifdef REPAIRED
    return __atomic_load_n(&state, __ATOMIC_ACQUIRE) == 1;
#else
    return state == 1;
#endif
}
static void call(void) {
    if (is_open()) puts("not now");
}

int main(void) {
    together(trip, call);
    return 0;
}
