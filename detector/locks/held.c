/* held.c - what each actor holds, and who holds a lock. See locks.h. */
#include "detector/locks/internal.h"

#define LIMIT (1u << 24)

static gr__pool pool;

bool gr__held_open(void) { return gr__pool_open(&pool, sizeof(gr__held), LIMIT); }

static gr__held *at(uint32_t id) { return gr__pool_at(&pool, id); }
static uint32_t id_of(const gr__held *held) {
    return (uint32_t)((size_t)((const char *)held - pool.base) / pool.unit);
}

static gr__held *fresh(const gr__actor *self) {
    uint32_t id = gr__pool_take(&pool);
    if (!id) return NULL;
    gr__held *held = at(id);
    held->count = 0;
    GR__STORE_RELEASE(&held->actor, self->id);
    return held;
}

/* The place of the i-th hold; made when it is to be. NULL: there is none. */
static gr__hold *place(gr__held *held, uint32_t i, const gr__actor *maker) {
    while (GR__UNLIKELY(i >= GR__HOLDS)) {
        i -= GR__HOLDS;
        if (!held->next && maker) {
            gr__held *more = fresh(maker);
            if (more) GR__STORE_RELEASE(&held->next, id_of(more));
        }
        if (!held->next) return NULL;
        held = at(held->next);
    }
    return &held->holds[i];
}

/* The last valid hold on a lock: its number, or count. */
static uint32_t find(gr__held *held, uintptr_t lock) {
    for (uint32_t i = held->count; i-- > 0;) {
        const gr__hold *h = place(held, i, NULL);
        if (h->lock == lock && GR__LOAD_RELAXED(&gr__lock_at(h->record)->version) == h->version) return i;
    }
    return held->count;
}

static void push(gr__actor *self, const gr__hold *hold) {
    gr__held *held = self->held;
    gr__hold *h = place(held, held->count, self);
    if (!h) return;
    *h = *hold;
    GR__STORE_RELEASE(&held->count, held->count + 1);
}

static void remove_at(gr__held *held, uint32_t i) {
    for (; i + 1 < held->count; i++) *place(held, i, NULL) = *place(held, i + 1, NULL);
    GR__STORE_RELEASE(&held->count, held->count - 1);
}

/* Those that are void: another actor gave them, or their lock is no more. */
static void sweep(gr__held *held) {
    for (uint32_t i = held->count; i-- > 0;)
        if (!gr__hold_valid(place(held, i, NULL))) remove_at(held, i);
}

/* True: self held it already. */
static bool again(gr__actor *self, gr__lock_record *r, uintptr_t lock, unsigned flags) {
    bool reads = flags & GR__HOLD_READ;
    if (reads ? !r->readers : r->owner != self->id) return false;
    uint32_t i = find(self->held, lock);
    if (i == self->held->count) return false;
    gr__hold *h = place(self->held, i, NULL);
    if (((h->flags & GR__HOLD_READ) != 0) != reads) return false;
    h->depth++;
    return true;
}

static void take(gr__actor *self, enum gr__lock_kind kind, uintptr_t lock, unsigned flags, gr__loc loc) {
    uint32_t id = gr__lock_find(lock);
    if (GR__UNLIKELY(!id)) id = gr__lock_make(lock, kind);
    if (!id || (!self->held && !(self->held = fresh(self)))) return;
    gr__lock_record *r = gr__lock_at(id);
    if (self->held->count && again(self, r, lock, flags)) return;
    if (flags & GR__HOLD_READ) {
        __atomic_fetch_add(&r->readers, 1, __ATOMIC_RELAXED);
    } else {
        /* Who had it gave it unseen, or has ended. */
        if (GR__UNLIKELY(r->owner)) GR__STORE_RELEASE(&r->version, r->version + 1);
        GR__STORE_RELAXED(&r->at, loc);
        GR__STORE_RELEASE(&r->owner, self->id);
    }
    if (GR__UNLIKELY(self->held->count >= GR__HOLDS)) sweep(self->held);
    gr__hold hold = {lock, id, r->version, loc, 1, (uint8_t)kind, (uint8_t)flags};
    push(self, &hold);
}

void gr__held_take(gr__actor *self, enum gr__lock_kind kind, uintptr_t lock, unsigned flags, gr__loc loc) {
    gr__engine_go_in();
    take(self, kind, lock, flags, loc);
    gr__engine_come_out();
}

/* It is held, and not by self as far as is known. */
static enum gr__held_given give_others(uint32_t id) {
    gr__lock_record *r = id ? gr__lock_at(id) : NULL;
    if (r && r->owner) {
        GR__STORE_RELEASE(&r->version, r->version + 1);
        GR__STORE_RELEASE(&r->owner, 0);
        return GR__GIVEN_OTHERS;
    }
    if (!r || !GR__LOAD_RELAXED(&r->readers)) return GR__GIVEN_UNKNOWN;
    GR__STORE_RELAXED(&r->unclear, true);
    __atomic_fetch_sub(&r->readers, 1, __ATOMIC_RELAXED);
    return GR__GIVEN_OTHERS;
}

static enum gr__held_given give(gr__actor *self, uintptr_t lock) {
    gr__held *held = self->held;
    uint32_t i = held ? find(held, lock) : 0;
    if (!held || i == held->count) return give_others(gr__lock_find(lock));
    gr__hold *h = place(held, i, NULL);
    if (h->depth > 1) {
        h->depth--;
        return GR__GIVEN_INNER;
    }
    gr__lock_record *r = gr__lock_at(h->record);
    if (h->flags & GR__HOLD_READ) __atomic_fetch_sub(&r->readers, 1, __ATOMIC_RELAXED);
    else GR__STORE_RELEASE(&r->owner, 0);
    remove_at(held, i);
    return GR__GIVEN;
}

enum gr__held_given gr__held_give(gr__actor *self, uintptr_t lock) {
    gr__engine_go_in();
    enum gr__held_given given = give(self, lock);
    gr__engine_come_out();
    return given;
}

bool gr__held_by(const gr__actor *self, uintptr_t lock) {
    return self->held && find(self->held, lock) < self->held->count;
}

void gr__held_end(gr__actor *self) {
    gr__held *held = self->held;
    if (!held) return;
    gr__engine_go_in();
    self->held = NULL;
    for (uint32_t id = id_of(held), next; id; id = next) {
        next = at(id)->next;
        at(id)->count = 0;
        GR__STORE_RELEASE(&at(id)->actor, 0);
        gr__pool_give(&pool, id);
    }
    gr__engine_come_out();
}

/* --- others look: what they see may be half of something new, so ids are held against their bounds --- */

size_t gr__held_list(const gr__actor *actor, gr__hold *out, size_t max) {
    gr__held *held = GR__LOAD_ACQUIRE(&actor->held);
    uint32_t count = held && GR__LOAD_RELAXED(&held->actor) == actor->id ? GR__LOAD_ACQUIRE(&held->count) : 0;
    size_t found = 0;
    for (uint32_t i = 0; i < count; i++) {
        const gr__hold *h = place(held, i, NULL);
        if (!h || !gr__hold_valid(h)) continue;
        if (found < max) out[found] = *h;
        found++;
    }
    return found;
}

/* Readers are known to themselves only. */
static size_t readers_of(uint32_t record, gr__lock_holder *out, size_t max) {
    size_t found = 0;
    for (uint32_t id = 1, all = (uint32_t)gr__pool_used(&pool); id < all; id++) {
        const gr__actor *actor = gr__actor_by_id(GR__LOAD_ACQUIRE(&at(id)->actor));
        if (!actor || GR__LOAD_RELAXED(&actor->held) != at(id)) continue;
        for (uint32_t i = 0, n = GR__LOAD_ACQUIRE(&at(id)->count); i < n; i++) {
            const gr__hold *h = place(at(id), i, NULL);
            if (!h || h->record != record || !gr__hold_valid(h)) continue;
            if (found < max) out[found] = (gr__lock_holder){actor->id, h->at, h->kind, h->flags};
            found++;
        }
    }
    return found;
}

size_t gr__lock_holders(uintptr_t lock, gr__lock_holder *out, size_t max) {
    uint32_t id = gr__lock_find(lock);
    if (!id) return 0;
    const gr__lock_record *r = gr__lock_at(id);
    uint64_t owner = GR__LOAD_ACQUIRE(&r->owner);
    if (!owner) return GR__LOAD_RELAXED(&r->readers) ? readers_of(id, out, max) : 0;
    if (max) *out = (gr__lock_holder){owner, GR__LOAD_RELAXED(&r->at), r->kind, 0};
    return 1;
}

bool gr__lock_known(uintptr_t lock) { return gr__lock_find(lock) != 0; }

bool gr__lock_written(uintptr_t lock) {
    uint32_t id = gr__lock_find(lock);
    return id && GR__LOAD_ACQUIRE(&gr__lock_at(id)->owner);
}

uint32_t gr__lock_readers(uintptr_t lock) {
    uint32_t id = gr__lock_find(lock);
    const gr__lock_record *r = id ? gr__lock_at(id) : NULL;
    return r && !GR__LOAD_RELAXED(&r->unclear) ? GR__LOAD_RELAXED(&r->readers) : 0;
}
