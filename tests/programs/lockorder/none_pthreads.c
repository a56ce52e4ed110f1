// want: none
/* Two threads take two mutexes in the same order. */
#include "turns.h"

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) { NEST(pthread_mutex, &a, &b); }
static void second(void) { NEST(pthread_mutex, &a, &b); }

int main(void) {
    threads_in_turn(first, second);
}
