// want: lock-order 'a' 'b' try
/* What was taken by a try is held all the same. */
#include "turns.h"

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) { NEST(pthread_mutex, &a, &b); }
static void second(void) {
    if (pthread_mutex_trylock(&b) != 0) return;
    pthread_mutex_lock(&a);
    pthread_mutex_unlock(&a);
    pthread_mutex_unlock(&b);
}

int main(void) {
    threads_in_turn(first, second);
}
