/* clock.c - see clock.h. */
#include "detector/engine/clock.h"

#include "detector/engine/pool.h"

#define LIMIT (1u << 27)
#define FEW 12u
#define QUADS (FEW / 4)

/* The few stand in the order of their slots, so that two clocks of the same few are joined at once. */
typedef struct clock {
    _Alignas(128) uint32_t references; /* atomic */
    uint32_t trie;                     /* below: no component of the few is larger there */
    uint32_t count, unused;
    union { uint32_t slots[FEW]; gr__quad slot_quads[QUADS]; };    /* 0 behind the last */
    union { uint32_t values[FEW]; gr__quad value_quads[QUADS]; };
} clock;

static gr__pool pool;

static inline clock *at(uint32_t id) { return GR__POOL_AT(clock, &pool, id); }

bool gr__clock_open(void) { return gr__trie_open() && gr__pool_open(&pool, sizeof(clock), LIMIT); }

void gr__clock_reset(void) {
    gr__trie_reset();
    gr__pool_reset(&pool);
}

uint64_t gr__clock_nodes(void) { return gr__trie_nodes() + gr__pool_used(&pool); }

uint32_t gr__clock_keep(uint32_t id) {
    if (id) __atomic_fetch_add(&at(id)->references, 1, __ATOMIC_RELAXED);
    return id;
}

void gr__clock_drop(uint32_t id) {
    if (!id || __atomic_sub_fetch(&at(id)->references, 1, __ATOMIC_ACQ_REL)) return;
    gr__trie_drop(at(id)->trie);
    gr__pool_give(&pool, id);
}

static uint32_t make(void) {
    uint32_t id = gr__pool_take(&pool);
    if (!id) {
        gr__trie_exhaust();
        return 0;
    }
    clock *c = at(id);
    c->references = 1;
    c->trie = c->count = 0;
    for (unsigned i = 0; i < QUADS; i++) c->slot_quads[i] = c->value_quads[i] = (gr__quad){0};
    return id;
}

/* The same clock for us alone. */
static uint32_t own(uint32_t id) {
    clock *c = at(id);
    if (__atomic_load_n(&c->references, __ATOMIC_ACQUIRE) == 1) return id;
    uint32_t copy = make();
    if (!copy) return id;
    clock *d = at(copy);
    d->trie = gr__trie_keep(c->trie);
    d->count = c->count;
    for (unsigned i = 0; i < QUADS; i++) {
        d->slot_quads[i] = c->slot_quads[i];
        d->value_quads[i] = c->value_quads[i];
    }
    gr__clock_drop(id);
    return copy;
}

/* Where the slot is among the few; FEW: nowhere. */
static inline unsigned find(const clock *c, uint32_t slot) {
    for (unsigned i = 0; i < c->count; i++)
        if (c->slots[i] == slot) return i;
    return FEW;
}

uint32_t gr__clock_get(uint32_t id, uint32_t slot) {
    if (!id) return 0;
    const clock *c = at(id);
    unsigned i = find(c, slot);
    return i < FEW ? c->values[i] : c->trie ? gr__trie_get(c->trie, slot) : 0;
}

static void flush(clock *c) {
    for (unsigned i = 0; i < c->count; i++) c->trie = gr__trie_raise(c->trie, c->slots[i], c->values[i]);
    c->count = 0;
    for (unsigned i = 0; i < QUADS; i++) c->slot_quads[i] = c->value_quads[i] = (gr__quad){0};
}

/* Room for a slot that is not there. */
static unsigned insert(clock *c, uint32_t slot) {
    if (c->count == FEW) flush(c);
    unsigned i = c->count++;
    for (; i && c->slots[i - 1] > slot; i--) {
        c->slots[i] = c->slots[i - 1];
        c->values[i] = c->values[i - 1];
    }
    c->slots[i] = slot;
    return i;
}

uint32_t gr__clock_raise(uint32_t id, uint32_t slot, uint32_t value) {
    if (!value || gr__trie_exhausted()) return id;
    if (!id && !(id = make())) return 0;
    clock *c = at(id);
    unsigned i = find(c, slot);
    if (i < FEW ? c->values[i] >= value : c->trie && gr__trie_get(c->trie, slot) >= value) return id;
    id = own(id);
    c = at(id);
    if (i == FEW) i = insert(c, slot);
    c->values[i] = value;
    return id;
}

/* Does c know all the few of d? */
static bool has_few(const clock *c, const clock *d) {
    for (unsigned i = 0; i < d->count; i++) {
        unsigned at_c = find(c, d->slots[i]);
        uint32_t value = at_c < FEW ? c->values[at_c] : c->trie ? gr__trie_get(c->trie, d->slots[i]) : 0;
        if (value < d->values[i]) return false;
    }
    return true;
}

static uint32_t raise_few(uint32_t id, const clock *d) {
    for (unsigned i = 0; i < d->count; i++) id = gr__clock_raise(id, d->slots[i], d->values[i]);
    return id;
}

/* c, ours alone, learns a trie. */
static void join_trie(clock *c, uint32_t trie) {
    c->trie = gr__trie_join(c->trie, trie);
    unsigned kept = 0;
    for (unsigned i = 0; i < c->count; i++) {
        if (gr__trie_get(c->trie, c->slots[i]) >= c->values[i]) continue;
        c->slots[kept] = c->slots[i];
        c->values[kept++] = c->values[i];
    }
    for (unsigned i = kept; i < c->count; i++) c->slots[i] = c->values[i] = 0;
    c->count = kept;
}

static bool same_slots(const clock *c, const clock *d) {
    gr__quad differs = {0};
    for (unsigned i = 0; i < QUADS; i++) differs |= c->slot_quads[i] ^ d->slot_quads[i];
    return !gr__quad_any(differs);
}

/* a and b have the same trie, and the same slots over it. */
static uint32_t join_few(uint32_t a, uint32_t b) {
    const clock *c = at(a), *d = at(b);
    gr__quad more = {0}, less = {0}, most[QUADS];
    for (unsigned i = 0; i < QUADS; i++) {
        gr__quad is_more = c->value_quads[i] > d->value_quads[i];
        more |= is_more;
        less |= c->value_quads[i] < d->value_quads[i];
        most[i] = (c->value_quads[i] & is_more) | (d->value_quads[i] & ~is_more);
    }
    if (!gr__quad_any(more)) {
        gr__clock_drop(a);
        return gr__clock_keep(b);
    }
    if (!gr__quad_any(less)) return a;
    a = own(a);
    for (unsigned i = 0; i < QUADS; i++) at(a)->value_quads[i] = most[i];
    return a;
}

uint32_t gr__clock_join(uint32_t a, uint32_t b) {
    if (a == b || !b || gr__trie_exhausted()) return a;
    if (!a) return gr__clock_keep(b);
    const clock *d = at(b);
    if (d->trie == at(a)->trie && same_slots(at(a), d)) return join_few(a, b);
    if (!d->trie || d->trie == at(a)->trie) {
        if (has_few(at(a), d)) return a;
        if (d->trie == at(a)->trie && has_few(d, at(a))) {
            gr__clock_drop(a);
            return gr__clock_keep(b);
        }
        return raise_few(a, d);
    }
    if (!at(a)->trie && has_few(d, at(a))) {
        gr__clock_drop(a);
        return gr__clock_keep(b);
    }
    a = own(a);
    join_trie(at(a), d->trie);
    return raise_few(a, d);
}

/* --- what an actor knows --- */

void gr__knowledge_raise(gr__knowledge *k, gr__epoch e) {
    if (e.slot == k->recent.slot) {
        if (e.clock > k->recent.clock) k->recent = e;
    } else if (gr__clock_get(k->clock, e.slot) < e.clock) {
        k->clock = gr__clock_raise(k->clock, k->recent.slot, k->recent.clock);
        k->recent = e;
    }
}

void gr__knowledge_join(gr__knowledge *k, const gr__knowledge *other, uint32_t self) {
    if (k->clock != other->clock) {
        k->clock = gr__clock_join(k->clock, other->clock);
        uint32_t now = gr__clock_get(k->clock, k->recent.slot);
        if (now > k->recent.clock) k->recent = gr__epoch_of(k->recent.slot, now);
    }
    if (other->recent.slot != self) gr__knowledge_raise(k, other->recent);
}

void gr__knowledge_copy(gr__knowledge *k, const gr__knowledge *other, uint32_t self) {
    if (k->clock != other->clock) {
        gr__clock_drop(k->clock);
        k->clock = gr__clock_keep(other->clock);
    }
    k->recent = other->recent.slot != self ? other->recent : gr__epoch_of(0, 0);
}

uint32_t gr__knowledge_clock(const gr__knowledge *k) {
    return gr__clock_raise(gr__clock_keep(k->clock), k->recent.slot, k->recent.clock);
}
