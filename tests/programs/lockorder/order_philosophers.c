// want: lock-order forks[0] forks[7]
/* Eight philosophers, each of whom takes the left fork first. */
#include "turns.h"

enum { SEATS = 8 };
pthread_mutex_t forks[SEATS];
static atomic_int seat; /* whoever's turn it is */

static void dine(void) {
    int i = atomic_fetch_add_explicit(&seat, 1, memory_order_relaxed);
    NEST(pthread_mutex, &forks[i], &forks[(i + 1) % SEATS]);
}

int main(void) {
    for (int i = 0; i < SEATS; i++) pthread_mutex_init(&forks[i], NULL);
    threads_in_turn(dine, dine, dine, dine, dine, dine, dine, dine);
}
