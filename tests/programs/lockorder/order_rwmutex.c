// want: lock-order 'a' 'b' gr_rwmutex
/* The same with goroutines: one writes what the other reads, on both locks. */
#include "turns.h"

gr_rwmutex a, b;

static void first(void) {
    gr_rwmutex_rlock(&a);
    gr_rwmutex_lock(&b);
    gr_rwmutex_unlock(&b);
    gr_rwmutex_runlock(&a);
}
static void second(void) {
    gr_rwmutex_rlock(&b);
    gr_rwmutex_lock(&a);
    gr_rwmutex_unlock(&a);
    gr_rwmutex_runlock(&b);
}

int main(void) {
    goroutines_in_turn(first, second);
}
