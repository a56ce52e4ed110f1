/* crowd.c - see crowd.h. */
#include "detector/engine/crowd.h"

typedef struct crowd { uint32_t clocks, places; } crowd; /* tries */

static gr__pool pool;

static inline crowd *at(uint32_t id) { return GR__POOL_AT(crowd, &pool, id); }

bool gr__crowd_open(void) { return gr__pool_open(&pool, sizeof(crowd), 1u << 28); }
void gr__crowd_reset(void) { gr__pool_reset(&pool); }

uint32_t gr__crowd_make(void) {
    uint32_t id = gr__pool_take(&pool);
    if (id) *at(id) = (crowd){0, 0};
    return id;
}

void gr__crowd_free(uint32_t id) {
    gr__trie_drop(at(id)->clocks);
    gr__trie_drop(at(id)->places);
    gr__pool_give(&pool, id);
}

void gr__crowd_add(uint32_t id, uint64_t epoch, gr__loc loc) {
    crowd *c = at(id);
    uint32_t slot = gr__cell_slot(epoch);
    c->clocks = gr__trie_raise(c->clocks, slot, gr__cell_clock(epoch));
    c->places = gr__trie_put(c->places, slot, loc);
}

uint32_t gr__crowd_last(uint32_t id, uint32_t slot) { return gr__trie_get(at(id)->clocks, slot); }

struct search {
    const crowd *crowd;
    const gr__actor *self;
    uintptr_t granule;
    gr__part part;
    gr__conflicts *found;
    bool any;
};

static bool look(uint32_t slot, uint32_t clock, void *argument) {
    struct search *s = argument;
    uint64_t epoch = gr__cell_epoch(slot, clock);
    if (gr__is_before(epoch, s->self)) return true;
    s->any = true;
    s->part.loc = gr__trie_get(s->crowd->places, slot);
    gr__conflict(s->found, epoch, s->granule, s->part);
    return s->found->count < GR__CONFLICTS_MAX;
}

bool gr__crowd_conflicts(uint32_t id, const gr__actor *self, uintptr_t granule, gr__part part,
                         gr__conflicts *found) {
    struct search s = {at(id), self, granule, part, found, false};
    gr__trie_each(at(id)->clocks, look, &s);
    return s.any;
}
