// want: lock-order 'a' 'b'
/* A third lock that only one of both holds is no gate. */
#include "turns.h"

pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER, a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) {
    pthread_mutex_lock(&gate);
    NEST(pthread_mutex, &a, &b);
    pthread_mutex_unlock(&gate);
}
static void second(void) {
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
    NEST(pthread_mutex, &b, &a);
}

int main(void) {
    threads_in_turn(first, second);
}
