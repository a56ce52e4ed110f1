// want: none
/* A circle of three locks, two steps of which one thread makes: it can't be in both. */
#include "turns.h"

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, c = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) {
    NEST(pthread_mutex, &a, &b);
    NEST(pthread_mutex, &b, &c);
}
static void second(void) { NEST(pthread_mutex, &c, &a); }

int main(void) {
    threads_in_turn(first, second);
}
