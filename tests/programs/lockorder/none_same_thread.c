// want: none
/* One thread takes both orders, one after the other. */
#include "turns.h"

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) { NEST(pthread_mutex, &a, &b); }
static void second(void) { NEST(pthread_mutex, &b, &a); }
static void both(void) {
    first();
    second();
}

int main(void) {
    threads_in_turn(both);
}
