/* pool.h - equal-sized elements known by a 32-bit id, in one reserved stretch of address space.
 * Engine only. Any thread may take and give. Free ones wait in shards, chosen by thread, whose
 * surplus goes to a common list: what one thread takes another may give, and nothing grows.
 */
#ifndef GR_DETECTOR_ENGINE_POOL_H
#define GR_DETECTOR_ENGINE_POOL_H

#include "runtime/base/base.h"

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline void gr__spin_wait(unsigned *turns) {
    if (++*turns & 63) gr__pause();
    else sched_yield();
}
static inline void gr__spin_lock(uint32_t *lock) {
    unsigned turns = 0;
    while (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE))
        while (__atomic_load_n(lock, __ATOMIC_RELAXED)) gr__spin_wait(&turns);
}
static inline void gr__spin_unlock(uint32_t *lock) { __atomic_store_n(lock, 0, __ATOMIC_RELEASE); }

/* Threads spread over this many shards of pools and counters. */
#define GR__SHARDS 16u
static inline unsigned gr__shard(void) {
    uintptr_t t = (uintptr_t)__builtin_thread_pointer();
    return (unsigned)((t >> 6 ^ t >> 12 ^ t >> 20) % GR__SHARDS);
}

typedef struct gr__pool_shard {
    _Alignas(64) uint32_t lock;
    uint32_t head, count; /* under lock */
} gr__pool_shard;

typedef struct gr__pool {
    char *base;           /* constant */
    size_t unit;          /* constant: bytes of one element, 4 at least */
    uint32_t limit;       /* constant: ids are below */
    uint32_t fresh;       /* atomic: ids below were handed out once */
    gr__pool_shard shards[GR__SHARDS];
    gr__pool_shard common;
} gr__pool;

bool gr__pool_open(gr__pool *pool, size_t unit, uint32_t limit);
void gr__pool_reset(gr__pool *pool);
/* An id, its bytes as the last owner left them (zeros at first); 0 when there are no more. */
uint32_t gr__pool_take(gr__pool *pool);
void gr__pool_give(gr__pool *pool, uint32_t id);
/* How many are in use, or wait to be used again. */
static inline uint64_t gr__pool_used(gr__pool *pool) {
    return __atomic_load_n(&pool->fresh, __ATOMIC_RELAXED);
}
static inline void *gr__pool_at(gr__pool *pool, uint32_t id) {
    return pool->base + pool->unit * id;
}

/* The same where the type of all of them is at hand, as its size is then. */
#define GR__POOL_AT(type, pool, id) ((type *)(void *)(pool)->base + (id))

#endif
