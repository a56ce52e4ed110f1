/* pool.c - see pool.h. A free element's first word is the id of the next free one. */
#include "detector/engine/pool.h"

#include <string.h>

#include "detector/engine/pages.h"

enum { BATCH = 32, SURPLUS = 256 };

static uint32_t *link_of(gr__pool *pool, uint32_t id) { return gr__pool_at(pool, id); }

bool gr__pool_open(gr__pool *pool, size_t unit, uint32_t limit) {
    memset(pool, 0, sizeof *pool);
    pool->base = gr__pages_reserve(0, unit * limit);
    pool->unit = unit;
    pool->limit = limit;
    pool->fresh = 1;
    return pool->base != NULL;
}

void gr__pool_reset(gr__pool *pool) {
    gr__pages_forget(pool->base, pool->unit * pool->limit);
    pool->fresh = 1;
    memset(pool->shards, 0, sizeof pool->shards);
    memset(&pool->common, 0, sizeof pool->common);
}

/* Move up to BATCH elements; both locked. */
static void move(gr__pool *pool, gr__pool_shard *from, gr__pool_shard *to) {
    for (unsigned i = 0; i < BATCH && from->head; i++) {
        uint32_t id = from->head;
        from->head = *link_of(pool, id);
        from->count--;
        *link_of(pool, id) = to->head;
        to->head = id;
        to->count++;
    }
}

static void refill(gr__pool *pool, gr__pool_shard *shard) {
    if (__atomic_load_n(&pool->common.head, __ATOMIC_RELAXED)) {
        gr__spin_lock(&pool->common.lock);
        move(pool, &pool->common, shard);
        gr__spin_unlock(&pool->common.lock);
        if (shard->head) return;
    }
    if (__atomic_load_n(&pool->fresh, __ATOMIC_RELAXED) >= pool->limit - BATCH) return;
    uint32_t first = __atomic_fetch_add(&pool->fresh, BATCH, __ATOMIC_RELAXED);
    if (first >= pool->limit - BATCH) return;
    for (uint32_t i = BATCH; i-- > 0;) {
        *link_of(pool, first + i) = shard->head;
        shard->head = first + i;
    }
    shard->count += BATCH;
}

uint32_t gr__pool_take(gr__pool *pool) {
    gr__pool_shard *shard = &pool->shards[gr__shard()];
    gr__spin_lock(&shard->lock);
    if (!shard->head) refill(pool, shard);
    uint32_t id = shard->head;
    if (id) {
        shard->head = *link_of(pool, id);
        shard->count--;
        *link_of(pool, id) = 0;
    }
    gr__spin_unlock(&shard->lock);
    return id;
}

void gr__pool_give(gr__pool *pool, uint32_t id) {
    gr__pool_shard *shard = &pool->shards[gr__shard()];
    gr__spin_lock(&shard->lock);
    *link_of(pool, id) = shard->head;
    shard->head = id;
    if (++shard->count > SURPLUS) {
        gr__spin_lock(&pool->common.lock);
        move(pool, shard, &pool->common);
        gr__spin_unlock(&pool->common.lock);
    }
    gr__spin_unlock(&shard->lock);
}
