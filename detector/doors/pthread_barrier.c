/* pthread_barrier.c - barriers. Any thread.
 *
 * Whoever leaves comes after all that arrived in its round. Somebody may arrive for the next round
 * before the last has left, so rounds alternate between two objects. */
#include "detector/doors/interpose.h"

static gr__address_map counts;   /* how many make a round */
static gr__address_map arrivals; /* so far, and one */
static uint32_t lock;            /* of counting an arrival */

GR__EXPORT int pthread_barrier_init(pthread_barrier_t *restrict barrier,
                                    const pthread_barrierattr_t *restrict attributes, unsigned count) {
    int status = REAL(pthread_barrier_init)(barrier, attributes, count);
    if (!status && gr__seen()) {
        gr__sync_destroy((uintptr_t)barrier, sizeof *barrier);
        gr__address_put(&counts, barrier, count);
        gr__address_put(&arrivals, barrier, 1);
    }
    return status;
}

GR__EXPORT int pthread_barrier_destroy(pthread_barrier_t *barrier) {
    int status = REAL(pthread_barrier_destroy)(barrier);
    if (!status && gr__seen()) {
        gr__sync_destroy((uintptr_t)barrier, sizeof *barrier);
        gr__address_put(&counts, barrier, 0);
        gr__address_put(&arrivals, barrier, 0);
    }
    return status;
}

static const char *arrive(pthread_barrier_t *barrier) {
    gr__lock(&lock);
    uint64_t count = gr__address_get(&counts, barrier), so_far = gr__address_get(&arrivals, barrier);
    gr__address_put(&arrivals, barrier, so_far + 1);
    gr__unlock(&lock);
    uint64_t round = count && so_far ? (so_far - 1) / count : 0;
    return (const char *)barrier + round % 2;
}

GR__EXPORT int pthread_barrier_wait(pthread_barrier_t *barrier) {
    uintptr_t pc = PLACE;
    if (!gr__seen()) return REAL(pthread_barrier_wait)(barrier);
    const char *round = arrive(barrier);
    GR__SYNC_FROM(PTHREAD_BARRIER, round, pc);
    int status = REAL(pthread_barrier_wait)(barrier);
    if (status == 0 || status == PTHREAD_BARRIER_SERIAL_THREAD) GR__SYNC_TO(PTHREAD_BARRIER, round, pc);
    return status;
}
