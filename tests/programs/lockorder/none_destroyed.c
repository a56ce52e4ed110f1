// want: none
/* A mutex that was destroyed and made anew is another one. */
#include "turns.h"

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) { NEST(pthread_mutex, &a, &b); }
static void second(void) { NEST(pthread_mutex, &b, &a); }
static void anew(void) {
    pthread_mutex_destroy(&a);
    pthread_mutex_init(&a, NULL);
}

int main(void) {
    threads_in_turn(first, anew, second);
}
