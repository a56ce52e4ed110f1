// want: none
/* The second thread is started when the first was joined. */
#include "turns.h"

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) { NEST(pthread_mutex, &a, &b); }
static void second(void) { NEST(pthread_mutex, &b, &a); }

int main(void) {
    threads_in_turn(first);
    turn_now = 0;
    threads_in_turn(second);
}
