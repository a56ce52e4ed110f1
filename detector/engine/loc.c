/* loc.c - see loc.h. Nodes are found in a hash of lists that only grow at their heads. */
#include "detector/engine/internal.h"

#include "detector/engine/pages.h"

#define LIMIT (1u << 26)
#define BUCKETS (1u << 24)

gr__loc_node *gr__loc_nodes;
gr__loc_slot gr__loc_nothing[GR__LOC_CACHE];
__thread gr__loc_slot *gr__loc_cache = gr__loc_nothing;

static gr__pool caches;   /* what the last thread found may stay in one: it is true */
static uint32_t *buckets; /* atomic: first node of a list */
static uint32_t used = 1; /* atomic */

bool gr__loc_open(void) {
    gr__loc_nodes = gr__pages_reserve(0, sizeof *gr__loc_nodes * (uint64_t)LIMIT);
    buckets = gr__pages_reserve(0, sizeof *buckets * (uint64_t)BUCKETS);
    return gr__loc_nodes && buckets &&
           gr__pool_open(&caches, sizeof(gr__loc_slot) * GR__LOC_CACHE, 1u << 20);
}

void gr__loc_cache_drop(void) {
    if (gr__loc_cache == gr__loc_nothing) return;
    uint32_t id = (uint32_t)((uintptr_t)((char *)gr__loc_cache - caches.base) / caches.unit);
    gr__loc_cache = gr__loc_nothing;
    gr__pool_give(&caches, id);
}

static void remember(gr__loc parent, uint64_t key, gr__loc found) {
    if (gr__loc_cache == gr__loc_nothing) {
        gr__engine_go_in();
        uint32_t id = gr__pool_take(&caches);
        if (id) {
            gr__loc_slot *cache = gr__pool_at(&caches, id);
            gr__words16_store(&cache[0].words, (gr__words16){0}); /* the pool wrote there */
            gr__loc_cache = cache;
        }
        gr__engine_come_out();
        if (!id) return;
    }
    gr__words16_store(&gr__loc_cache[gr__loc_cache_index(parent, key)].words,
                      (gr__words16){(long long)key, (long long)((uint64_t)found << 32 | parent)});
}

/* Only this thread's cache: nobody else is in the engine. */
void gr__loc_reset(void) {
    gr__pages_forget(gr__loc_nodes, sizeof *gr__loc_nodes * (uint64_t)LIMIT);
    gr__pages_forget(buckets, sizeof *buckets * (uint64_t)BUCKETS);
    gr__loc_cache = gr__loc_nothing;
    gr__pool_reset(&caches);
    used = 1;
}

uint64_t gr__loc_count(void) { return __atomic_load_n(&used, __ATOMIC_RELAXED) - 1; }

static gr__loc search(gr__loc from, gr__loc until, gr__loc parent, uint64_t key) {
    for (gr__loc i = from; i != until; i = gr__loc_nodes[i].next)
        if (gr__loc_nodes[i].key == key && gr__loc_nodes[i].parent == parent) return i;
    return 0;
}

/* Parents made one after the other, as a recursion makes them, find their children side by side. */
static uint32_t *bucket_of(gr__loc parent, uint64_t key) {
    return &buckets[((key * 0x9e3779b97f4a7c15ull >> 40) + parent) & (BUCKETS - 1)];
}

static gr__loc find_or_add(gr__loc parent, uint64_t key) {
    uint32_t *bucket = bucket_of(parent, key);
    uint32_t head = __atomic_load_n(bucket, __ATOMIC_ACQUIRE);
    gr__loc found = search(head, 0, parent, key);
    if (found) return found;
    if (__atomic_load_n(&used, __ATOMIC_RELAXED) >= LIMIT) return parent;
    gr__loc made = __atomic_fetch_add(&used, 1, __ATOMIC_RELAXED);
    if (made >= LIMIT) {
        __atomic_store_n(&used, LIMIT, __ATOMIC_RELAXED);
        return parent;
    }
    gr__loc_nodes[made] = (gr__loc_node){key, parent, head};
    while (!__atomic_compare_exchange_n(bucket, &head, made, false, __ATOMIC_ACQ_REL,
                                        __ATOMIC_ACQUIRE)) {
        found = search(head, gr__loc_nodes[made].next, parent, key);
        if (found) return found; /* another thread was first; our node is lost */
        gr__loc_nodes[made].next = head;
    }
    if (gr__engine_hooks_now.new_loc && !(key & GR__LOC_PART))
        gr__engine_hooks_now.new_loc(made, parent, (uintptr_t)key);
    return made;
}

gr__loc gr__loc_find(gr__loc parent, uint64_t key) {
    if (!(key | parent)) return 0;
    gr__loc found = find_or_add(parent, key);
    remember(parent, key, found);
    return found;
}

gr__loc gr__loc_child(gr__loc parent, uintptr_t pc) { return gr__loc_get(parent, pc); }

gr__loc gr__loc_parent(gr__loc loc) { return loc < LIMIT ? gr__loc_up(loc) : 0; }

size_t gr__loc_stack(gr__loc loc, uintptr_t *pcs, size_t max) {
    size_t count = 0;
    for (; loc && loc < LIMIT; loc = gr__loc_up(loc), count++)
        if (count < max) pcs[count] = (uintptr_t)gr__loc_nodes[loc].key;
    return count;
}
