// want: none
/* A goroutine that only tries. */
#include "turns.h"

gr_mutex a, b;

static void first(void) { NEST(gr_mutex, &a, &b); }
static void second(void) {
    gr_mutex_lock(&b);
    if (gr_mutex_try_lock(&a)) gr_mutex_unlock(&a);
    gr_mutex_unlock(&b);
}

int main(void) {
    goroutines_in_turn(first, second);
}
