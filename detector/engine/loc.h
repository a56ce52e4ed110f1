/* loc.h - the tree of places: nodes found by (parent, key), each made once and kept for ever. Engine, and
 * doors for the fast path of calls.
 *
 * A key is a program counter; with bit 63 set it is a part of a record (record.c). Lock-free: any thread,
 * and a signal handler that comes in between. What a thread found last is in its cache.
 */
#ifndef GR_DETECTOR_ENGINE_LOC_H
#define GR_DETECTOR_ENGINE_LOC_H

#include "detector/engine/engine.h"
#include "detector/engine/words.h"

#define GR__LOC_PART (1ull << 63)
#define GR__LOC_CACHE 256u

typedef struct gr__loc_node { uint64_t key; gr__loc parent; uint32_t next; } gr__loc_node; /* constant once linked */
extern gr__loc_node *gr__loc_nodes;
typedef struct gr__loc_entry { uint64_t key, parent_and_loc; } gr__loc_entry;
typedef union gr__loc_slot { gr__words16 words; gr__loc_entry entry; } gr__loc_slot;
/* GR__LOC_CACHE of them, each written as a whole. Owner: the thread, whose own stack they must not be taken from: only
 * this pointer is. At first it leads to some that have nothing. */
extern __thread gr__loc_slot *gr__loc_cache;
extern gr__loc_slot gr__loc_nothing[GR__LOC_CACHE]; /* constant */
/* The thread is at its end. */
void gr__loc_cache_drop(void);

gr__loc gr__loc_find(gr__loc parent, uint64_t key); /* past the cache; into it */

static inline unsigned gr__loc_cache_index(gr__loc parent, uint64_t key) {
    return (unsigned)(((key ^ (uint64_t)parent << 40 ^ parent) * 0x9e3779b97f4a7c15ull) >> 56);
}
static inline gr__loc gr__loc_get(gr__loc parent, uint64_t key) {
    /* A handler that comes between writes an entry of its own: the key is looked at on both sides. */
    const volatile gr__loc_entry *e = &gr__loc_cache[gr__loc_cache_index(parent, key)].entry;
    uint64_t first = e->key, rest = e->parent_and_loc;
    if (__builtin_expect(first == key && (uint32_t)rest == parent && e->key == key, 1)) return (gr__loc)(rest >> 32);
    return gr__loc_find(parent, key);
}
static inline gr__loc gr__loc_up(gr__loc loc) { return gr__loc_nodes[loc].parent; }

#endif
