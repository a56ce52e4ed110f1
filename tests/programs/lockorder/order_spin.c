// want: lock-order pthread_spinlock_t locks[0] locks[1]
/* Spin locks, two of which lie in one word of eight bytes. */
#include "turns.h"

pthread_spinlock_t locks[2];

static void first(void) { NEST(pthread_spin, &locks[0], &locks[1]); }
static void second(void) { NEST(pthread_spin, &locks[1], &locks[0]); }

int main(void) {
    pthread_spin_init(&locks[0], 0);
    pthread_spin_init(&locks[1], 0);
    threads_in_turn(first, second);
}
