// want: none
/* Main takes one order before it starts the thread that takes the other, and again after it has joined it. */
#include "turns.h"

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) { NEST(pthread_mutex, &a, &b); }
static void second(void) { NEST(pthread_mutex, &b, &a); }

int main(void) {
    first();
    threads_in_turn(second);
    first();
}
