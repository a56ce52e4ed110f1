// want: none
/* A barrier lies between the two orders. */
#include "turns.h"

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t barrier;

static void first(void) { NEST(pthread_mutex, &a, &b); }
static void second(void) { NEST(pthread_mutex, &b, &a); }
static void before(void) {
    first();
    pthread_barrier_wait(&barrier);
}
static void after(void) {
    pthread_barrier_wait(&barrier);
    second();
}

int main(void) {
    pthread_barrier_init(&barrier, NULL, 2);
    together_in_threads(before, after);
}
