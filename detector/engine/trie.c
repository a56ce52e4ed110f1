/* trie.c - see trie.h. A node of level 0 holds 16 clocks, one of level n 16 nodes of level n-1. */
#include "detector/engine/trie.h"

#include "detector/engine/pages.h"
#include "detector/engine/pool.h"

#define WAYS 16u
#define LIMIT (1u << 28)

typedef struct node { _Alignas(64) uint32_t word[WAYS]; } node;
typedef struct node_head { uint32_t references, level; } node_head; /* references: atomic */

static gr__pool pool;
static node_head *heads;
static bool exhausted; /* atomic */

static inline node *at(uint32_t id) { return GR__POOL_AT(node, &pool, id); }

bool gr__trie_open(void) {
    heads = gr__pages_reserve(0, sizeof *heads * LIMIT);
    return heads && gr__pool_open(&pool, sizeof(node), LIMIT);
}

void gr__trie_reset(void) {
    gr__pool_reset(&pool);
    exhausted = false;
}

uint64_t gr__trie_nodes(void) { return gr__pool_used(&pool); }
void gr__trie_exhaust(void) { __atomic_store_n(&exhausted, true, __ATOMIC_RELAXED); }
bool gr__trie_exhausted(void) { return __atomic_load_n(&exhausted, __ATOMIC_RELAXED); }

static uint32_t make(uint32_t level) {
    uint32_t id = gr__pool_take(&pool);
    if (!id) {
        gr__trie_exhaust();
        return 0;
    }
    heads[id].references = 1;
    heads[id].level = level;
    *at(id) = (node){0};
    return id;
}

uint32_t gr__trie_keep(uint32_t id) {
    if (id) __atomic_fetch_add(&heads[id].references, 1, __ATOMIC_RELAXED);
    return id;
}

void gr__trie_drop(uint32_t id) {
    if (!id || __atomic_sub_fetch(&heads[id].references, 1, __ATOMIC_ACQ_REL)) return;
    if (heads[id].level)
        for (unsigned i = 0; i < WAYS; i++) gr__trie_drop(at(id)->word[i]);
    gr__pool_give(&pool, id);
}

static bool alone(uint32_t id) {
    return __atomic_load_n(&heads[id].references, __ATOMIC_ACQUIRE) == 1;
}

/* The same node for us alone. */
static uint32_t own(uint32_t id) {
    if (alone(id)) return id;
    uint32_t copy = make(heads[id].level);
    if (!copy) return id;
    *at(copy) = *at(id);
    if (heads[id].level)
        for (unsigned i = 0; i < WAYS; i++) gr__trie_keep(at(copy)->word[i]);
    gr__trie_drop(id);
    return copy;
}

static bool fits(uint32_t level, uint32_t slot) { return (slot >> (4 * level)) < WAYS; }

uint32_t gr__trie_get(uint32_t id, uint32_t slot) {
    if (!id) return 0;
    uint32_t level = heads[id].level;
    if (!fits(level, slot)) return 0;
    for (; level && id; level--) id = at(id)->word[slot >> (4 * level) & (WAYS - 1)];
    return id ? at(id)->word[slot & (WAYS - 1)] : 0;
}

/* Put a node on top, so that the clock gets one level higher. */
static uint32_t lift(uint32_t id, uint32_t to) {
    for (uint32_t level = heads[id].level; level < to; level++) {
        uint32_t up = make(level + 1);
        if (!up) break;
        at(up)->word[0] = id;
        id = up;
    }
    return id;
}

static uint32_t raise_in(uint32_t id, uint32_t level, uint32_t slot, uint32_t value, bool put) {
    if (!id && !(id = make(level))) return 0;
    unsigned i = slot >> (4 * level) & (WAYS - 1);
    uint32_t old = at(id)->word[i];
    if (!level) {
        if (put ? old == value : old >= value) return id;
        id = own(id);
        at(id)->word[i] = value;
        return id;
    }
    if (alone(id)) {
        at(id)->word[i] = raise_in(old, level - 1, slot, value, put);
        return id;
    }
    uint32_t now = raise_in(gr__trie_keep(old), level - 1, slot, value, put);
    if (now == old) {
        gr__trie_drop(now);
        return id;
    }
    id = own(id);
    gr__trie_drop(at(id)->word[i]);
    at(id)->word[i] = now;
    return id;
}

static uint32_t change(uint32_t id, uint32_t slot, uint32_t value, bool put) {
    if (!value || gr__trie_exhausted()) return id;
    uint32_t level = 0;
    while (!fits(level, slot)) level++;
    if (id && heads[id].level < level) id = lift(id, level);
    return raise_in(id, id ? heads[id].level : level, slot, value, put);
}

uint32_t gr__trie_raise(uint32_t id, uint32_t slot, uint32_t value) { return change(id, slot, value, false); }
uint32_t gr__trie_put(uint32_t id, uint32_t slot, uint32_t value) { return change(id, slot, value, true); }

static bool each_in(uint32_t id, uint32_t low, bool (*visit)(uint32_t slot, uint32_t value, void *argument),
                    void *argument) {
    uint32_t level = heads[id].level;
    for (unsigned i = 0; i < WAYS; i++) {
        uint32_t word = at(id)->word[i], slot = low + (i << (4 * level));
        if (word && !(level ? each_in(word, slot, visit, argument) : visit(slot, word, argument))) return false;
    }
    return true;
}

void gr__trie_each(uint32_t id, bool (*visit)(uint32_t slot, uint32_t value, void *argument), void *argument) {
    if (id) each_in(id, 0, visit, argument);
}

static uint32_t join_leaves(uint32_t a, uint32_t b) {
    const gr__quad *x = (const gr__quad *)at(a), *y = (const gr__quad *)at(b);
    gr__quad more = {0}, less = {0}, most[WAYS / 4];
    for (unsigned i = 0; i < WAYS / 4; i++) {
        gr__quad is_more = x[i] > y[i];
        more |= is_more;
        less |= x[i] < y[i];
        most[i] = (x[i] & is_more) | (y[i] & ~is_more);
    }
    if (!gr__quad_any(more)) { /* equal ones too: what is shared is joined for nothing */
        gr__trie_drop(a);
        return gr__trie_keep(b);
    }
    if (!gr__quad_any(less)) return a;
    a = own(a);
    for (unsigned i = 0; i < WAYS / 4; i++) ((gr__quad *)at(a))[i] = most[i];
    return a;
}

/* a (of level la, ours) joined with b (of level lb <= la, somebody's). Subtrees that both share are passed
 * over; where b has all that a has, a becomes b and shares with it from then on. */
static uint32_t join_in(uint32_t a, uint32_t la, uint32_t b, uint32_t lb) {
    if (a == b || !b) return a;
    if (!a) return lift(gr__trie_keep(b), la);
    if (!la) return join_leaves(a, b);
    bool same = la == lb;
    for (unsigned i = 0; i < WAYS; i++) {
        uint32_t x = at(a)->word[i], y = la == lb ? at(b)->word[i] : i ? 0 : b;
        if (x != y && y) {
            bool ours = alone(a);
            uint32_t joined = join_in(ours ? x : gr__trie_keep(x), la - 1, y, la == lb ? lb - 1 : lb);
            if (!ours && joined != x) {
                a = own(a);
                gr__trie_drop(at(a)->word[i]);
            } else if (!ours) {
                gr__trie_drop(joined);
            }
            at(a)->word[i] = joined;
            x = joined;
        }
        same &= x == y;
    }
    if (!same) return a;
    gr__trie_drop(a);
    return gr__trie_keep(b);
}

uint32_t gr__trie_join(uint32_t a, uint32_t b) {
    if (a == b || !b || gr__trie_exhausted()) return a;
    if (!a) return gr__trie_keep(b);
    if (heads[a].level < heads[b].level) a = lift(a, heads[b].level);
    return join_in(a, heads[a].level, b, heads[b].level);
}
