// want: none
/* Two goroutines take two mutexes in the same order. */
#include "turns.h"

gr_mutex a, b;

static void first(void) { NEST(gr_mutex, &a, &b); }
static void second(void) { NEST(gr_mutex, &a, &b); }

int main(void) {
    goroutines_in_turn(first, second);
}
