/* pthread_barrier.c - barriers. Any thread.
 *
 * Whoever leaves comes after all that arrived in its round. Somebody may arrive for the next round
 * before the last has left, so rounds alternate between two objects. Somebody may destroy the barrier
 * before the others of its last round have looked at the object: destroying waits for them. */
#include "detector/doors/interpose.h"
#include "detector/doors/waits.h"

enum { PATIENCE = 100000 }; /* a thread may have been killed in between */
static gr__address_map counts;   /* how many make a round */
static gr__address_map arrivals; /* so far, and one */
static gr__address_map leaving;  /* who is in the call and has not looked yet */
static uint32_t lock;            /* of counting */

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
    for (unsigned turns = 0; !status && turns < PATIENCE && gr__address_get(&leaving, barrier); turns++)
        sched_yield();
    if (!status && gr__seen()) {
        gr__sync_destroy((uintptr_t)barrier, sizeof *barrier);
        gr__address_put(&counts, barrier, 0);
        gr__address_put(&arrivals, barrier, 0);
    }
    return status;
}

/* *last: of its round, or maybe so: it does not wait. */
static const char *arrive(pthread_barrier_t *barrier, bool *last) {
    gr__door_lock(&lock);
    uint64_t count = gr__address_get(&counts, barrier), so_far = gr__address_get(&arrivals, barrier);
    gr__address_put(&arrivals, barrier, so_far + 1);
    gr__address_put(&leaving, barrier, gr__address_get(&leaving, barrier) + 1);
    gr__door_unlock(&lock);
    *last = !count || !so_far || so_far % count == 0;
    uint64_t round = count && so_far ? (so_far - 1) / count : 0;
    return (const char *)barrier + round % 2;
}

static void leave(pthread_barrier_t *barrier) {
    gr__door_lock(&lock);
    uint64_t there = gr__address_get(&leaving, barrier);
    if (there) gr__address_put(&leaving, barrier, there - 1);
    gr__door_unlock(&lock);
}

GR__EXPORT int pthread_barrier_wait(pthread_barrier_t *barrier) {
    uintptr_t pc = PLACE;
    if (!gr__seen()) return REAL(pthread_barrier_wait)(barrier);
    bool last;
    const char *round = arrive(barrier, &last);
    GR__SYNC_FROM(PTHREAD_BARRIER, round, pc);
    uint64_t wait = last ? 0 : gr__wait_begin(GR__WAIT_PTHREAD_BARRIER_WAIT, barrier, pc);
    int status = REAL(pthread_barrier_wait)(barrier);
    gr__wait_end(wait);
    if (status == 0 || status == PTHREAD_BARRIER_SERIAL_THREAD) GR__SYNC_TO(PTHREAD_BARRIER, round, pc);
    leave(barrier);
    return status;
}
