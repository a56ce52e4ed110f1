// want: lock-order 'a' 'b' first() second() pthread_mutex_t
/* Two threads take two mutexes in opposite order: nothing but luck keeps them from waiting for each other. */
#include "turns.h"

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) { NEST(pthread_mutex, &a, &b); }
static void second(void) { NEST(pthread_mutex, &b, &a); }

int main(void) {
    threads_in_turn(first, second);
}
