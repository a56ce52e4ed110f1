// want: none
/* The block was freed, and its memory is used again for other locks. */
#include "turns.h"

#include <stdlib.h>

typedef struct pair { pthread_mutex_t a, b; } pair;
_Atomic(pair *) now;

static pair *pair_now(void) { return atomic_load_explicit(&now, memory_order_relaxed); }
static void make(void) {
    pair *p = malloc(sizeof *p);
    p->a = p->b = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
    atomic_store_explicit(&now, p, memory_order_relaxed);
}
static void first(void) { NEST(pthread_mutex, &pair_now()->a, &pair_now()->b); }
static void second(void) { NEST(pthread_mutex, &pair_now()->b, &pair_now()->a); }
static void again(void) {
    free(pair_now());
    make();
}

int main(void) {
    make();
    threads_in_turn(first, again, second);
    free(pair_now());
}
