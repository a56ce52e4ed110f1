/* loc.c - the calling-context tree: nodes found by (parent, pc) in a hash of lists. Lock-free, so a
 * signal handler may come in between; nodes never go. Any thread may call.
 */
#include "detector/engine/internal.h"

#include "detector/engine/pages.h"

#define LIMIT (1u << 26)
#define BUCKETS (1u << 24)
#define CACHE 256u

typedef struct node { uintptr_t pc; gr__loc parent; uint32_t next; } node; /* constant once linked */

static node *nodes;
static uint32_t *buckets; /* atomic: first node of a list that only grows at its head */
static uint32_t used = 1; /* atomic */
/* What this thread found last, checked against the node: one word, so never half written. */
static __thread gr__loc cache[CACHE];

bool gr__loc_open(void) {
    nodes = gr__pages_reserve(0, sizeof *nodes * (uint64_t)LIMIT);
    buckets = gr__pages_reserve(0, sizeof *buckets * (uint64_t)BUCKETS);
    return nodes && buckets;
}

void gr__loc_reset(void) {
    gr__pages_forget(nodes, sizeof *nodes * (uint64_t)LIMIT);
    gr__pages_forget(buckets, sizeof *buckets * (uint64_t)BUCKETS);
    used = 1;
}

uint64_t gr__loc_count(void) { return __atomic_load_n(&used, __ATOMIC_RELAXED) - 1; }

static gr__loc search(gr__loc from, gr__loc until, gr__loc parent, uintptr_t pc) {
    for (gr__loc i = from; i != until; i = nodes[i].next)
        if (nodes[i].pc == pc && nodes[i].parent == parent) return i;
    return 0;
}

static gr__loc find_or_add(gr__loc parent, uintptr_t pc, uint64_t hash) {
    uint32_t *bucket = &buckets[hash >> 32 & (BUCKETS - 1)];
    uint32_t head = __atomic_load_n(bucket, __ATOMIC_ACQUIRE);
    gr__loc found = search(head, 0, parent, pc);
    if (found) return found;
    if (__atomic_load_n(&used, __ATOMIC_RELAXED) >= LIMIT) return parent;
    gr__loc made = __atomic_fetch_add(&used, 1, __ATOMIC_RELAXED);
    if (made >= LIMIT) {
        __atomic_store_n(&used, LIMIT, __ATOMIC_RELAXED);
        return parent;
    }
    nodes[made] = (node){pc, parent, head};
    while (!__atomic_compare_exchange_n(bucket, &head, made, false, __ATOMIC_ACQ_REL,
                                        __ATOMIC_ACQUIRE)) {
        found = search(head, nodes[made].next, parent, pc);
        if (found) return found; /* another thread was first; our node is lost */
        nodes[made].next = head;
    }
    if (gr__engine_hooks_now.new_loc) gr__engine_hooks_now.new_loc(made, parent, pc);
    return made;
}

gr__loc gr__loc_child(gr__loc parent, uintptr_t pc) {
    if (!(pc | parent)) return 0;
    uint64_t hash = (pc ^ (uint64_t)parent << 40 ^ parent) * 0x9e3779b97f4a7c15ull;
    gr__loc *entry = &cache[hash >> 56];
    gr__loc found = *entry;
    if (found && nodes[found].pc == pc && nodes[found].parent == parent) return found;
    return *entry = find_or_add(parent, pc, hash);
}

gr__loc gr__loc_parent(gr__loc loc) { return loc && loc < LIMIT ? nodes[loc].parent : 0; }

size_t gr__loc_stack(gr__loc loc, uintptr_t *pcs, size_t max) {
    size_t count = 0;
    for (; loc && loc < LIMIT; loc = nodes[loc].parent, count++)
        if (count < max) pcs[count] = nodes[loc].pc;
    return count;
}
