// want: none
/* Opposite orders, but under a third lock that both hold: a gate. */
#include "turns.h"

pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER, a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) {
    pthread_mutex_lock(&gate);
    NEST(pthread_mutex, &a, &b);
    pthread_mutex_unlock(&gate);
}
static void second(void) {
    pthread_mutex_lock(&gate);
    NEST(pthread_mutex, &b, &a);
    pthread_mutex_unlock(&gate);
}

int main(void) {
    threads_in_turn(first, second);
}
