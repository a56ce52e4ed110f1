// want: lock-order pthread_mutex_t heap make()
/* Locks in a heap block. */
#include "turns.h"

#include <stdlib.h>

typedef struct pair { pthread_mutex_t a, b; } pair;
_Atomic(pair *) now;

static pair *pair_now(void) { return atomic_load_explicit(&now, memory_order_relaxed); }
static void make(void) {
    pair *p = malloc(sizeof *p);
    pthread_mutex_init(&p->a, NULL);
    pthread_mutex_init(&p->b, NULL);
    atomic_store_explicit(&now, p, memory_order_relaxed);
}
static void first(void) { NEST(pthread_mutex, &pair_now()->a, &pair_now()->b); }
static void second(void) { NEST(pthread_mutex, &pair_now()->b, &pair_now()->a); }

int main(void) {
    make();
    threads_in_turn(first, second);
    free(pair_now());
}
