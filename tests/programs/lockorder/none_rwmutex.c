// want: none
/* Goroutines that only read one of the two. */
#include "turns.h"

gr_rwmutex a, b;

static void first(void) {
    gr_rwmutex_lock(&a);
    gr_rwmutex_rlock(&b);
    gr_rwmutex_runlock(&b);
    gr_rwmutex_unlock(&a);
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
