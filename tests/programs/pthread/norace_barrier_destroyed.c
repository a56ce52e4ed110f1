// want: none
/* Who is told to may destroy a barrier right away; the others still come after all that arrived. */
#include <pthread.h>
#include <stdlib.h>

enum { THREADS = 4, ROUNDS = 100 };
typedef struct group {
    pthread_barrier_t barrier;
    int before[THREADS], sums[THREADS];
} group;

static group g;
static pthread_t threads[THREADS];

static void *member(void *number) {
    int *mine = number;
    *mine = 1;
    if (pthread_barrier_wait(&g.barrier) == PTHREAD_BARRIER_SERIAL_THREAD) pthread_barrier_destroy(&g.barrier);
    int *sum = &g.sums[mine - g.before];
    for (int i = 0; i < THREADS; i++) *sum += g.before[i];
    return NULL;
}

int main(void) {
    for (int round = 0; round < ROUNDS; round++) {
        pthread_barrier_init(&g.barrier, NULL, THREADS);
        for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, member, &g.before[i]);
        for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    }
    for (int i = 0; i < THREADS; i++)
        if (g.sums[i] != THREADS * ROUNDS) return 1;
    return 0;
}
