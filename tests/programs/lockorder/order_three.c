// want: lock-order 'a' 'b' 'c' first() second() third()
/* Three threads, three mutexes: a circle of three. */
#include "turns.h"

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, c = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) { NEST(pthread_mutex, &a, &b); }
static void second(void) { NEST(pthread_mutex, &b, &c); }
static void third(void) { NEST(pthread_mutex, &c, &a); }

int main(void) {
    threads_in_turn(first, second, third);
}
