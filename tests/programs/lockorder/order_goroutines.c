// want: lock-order 'a' 'b' first() second() gr_mutex
/* Two goroutines take two mutexes in opposite order. */
#include "turns.h"

gr_mutex a, b;

static void first(void) { NEST(gr_mutex, &a, &b); }
static void second(void) { NEST(gr_mutex, &b, &a); }

int main(void) {
    goroutines_in_turn(first, second);
}
