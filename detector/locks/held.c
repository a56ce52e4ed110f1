/* held.c - what each actor holds, and who holds a lock. See locks.h. */
#include "detector/locks/order.h"

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
    held->number = 0;
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

gr__hold *gr__held_at(gr__held *held, uint32_t i) { return place(held, i, NULL); }

/* The last valid hold on a lock: its number, or count. */
static uint32_t find(gr__held *held, uintptr_t lock) {
    for (uint32_t i = held->count; i-- > 0;) {
        const gr__hold *h = place(held, i, NULL);
        if (h->lock == lock && GR__LOAD_RELAXED(&gr__lock_at(h->record)->version) == h->version) return i;
    }
    return held->count;
}

static void set_count(gr__held *held, uint32_t count) { GR__STORE_RELEASE(&held->count, count); }

GR__NOINLINE static void remove_at(gr__held *held, uint32_t i) {
    gr__engine_go_in();
    for (; i + 1 < held->count; i++) *place(held, i, NULL) = *place(held, i + 1, NULL);
    place(held, i, NULL)->lock = 0;
    set_count(held, held->count - 1);
    gr__engine_come_out();
}

/* Those that are void: another actor gave them, or their lock is no more. */
static void sweep(gr__held *held) {
    for (uint32_t i = held->count; i-- > 0;)
        if (!gr__hold_valid(place(held, i, NULL))) remove_at(held, i);
}

GR__NOINLINE static void push_far(gr__actor *self, const gr__hold *hold) {
    gr__engine_go_in();
    sweep(self->held);
    gr__held *held = self->held;
    gr__hold *h = place(held, held->count, self);
    if (h) {
        *h = *hold;
        set_count(held, held->count + 1);
    }
    gr__engine_come_out();
}

/* Into the i-th place of the first GR__HOLDS. */
GR__INLINE void push_near(gr__held *held, uint32_t i, uintptr_t lock, uint32_t record, uint32_t version, uintptr_t pc,
                          gr__loc context, enum gr__lock_kind kind, unsigned flags) {
    set_count(held, i + 1);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    gr__hold *h = &held->holds[i];
    h->record = record;
    h->version = version;
    h->pc = pc;
    h->context = context;
    h->depth = 1;
    h->kind = (uint8_t)kind;
    h->flags = (uint8_t)flags;
    GR__STORE_RELEASE(&h->lock, lock);
}

/* True: self held it already. */
GR__NOINLINE static bool again(gr__actor *self, uintptr_t lock, unsigned flags) {
    uint32_t i = find(self->held, lock);
    if (i == self->held->count) return false;
    gr__hold *h = place(self->held, i, NULL);
    if ((h->flags ^ flags) & GR__HOLD_READ) return false;
    h->depth++;
    return true;
}

/* Who reads is known to himself only: readers would have to take turns at a count. */
GR__INLINE void note_reader(gr__lock_record *r) {
    if (GR__UNLIKELY(!GR__LOAD_RELAXED(&r->read))) GR__STORE_RELAXED(&r->read, true);
}

GR__NOINLINE static uint32_t make(gr__actor *self, enum gr__lock_kind kind, uintptr_t lock) {
    gr__engine_go_in();
    uint32_t id = gr__lock_find(lock);
    if (!id) id = gr__lock_make(lock, kind);
    /* Too many actors share one without an id; what each of them holds is not known. */
    if (id && self->id && !self->held) GR__STORE_RELEASE(&self->held, fresh(self));
    gr__engine_come_out();
    return self->held ? id : 0;
}

/* The first time, a reader, one that is held already, or too many for a near place. */
GR__NOINLINE static void take_slow(gr__actor *self, enum gr__lock_kind kind, uintptr_t lock, unsigned flags,
                                   uintptr_t pc) {
    uint32_t id = make(self, kind, lock);
    if (!id) return;
    gr__lock_record *r = gr__lock_at(id);
    if (flags & GR__HOLD_READ) {
        if (self->held->count && again(self, lock, flags)) return;
        note_reader(r);
    } else {
        if (r->owner == self->id && again(self, lock, flags)) return;
        /* Who had it gave it unseen, or has ended. */
        if (r->owner) GR__STORE_RELEASE(&r->version, r->version + 1);
        GR__STORE_RELEASE(&r->owner, self->id);
    }
    uint32_t i = self->held->count;
    if (i < GR__HOLDS) push_near(self->held, i, lock, id, r->version, pc, self->context, kind, flags);
    else push_far(self, &(gr__hold){lock, id, r->version, pc, self->context, 1, (uint8_t)kind, (uint8_t)flags});
    if (self->held->count > 1 && !(flags & GR__HOLD_TRY)) gr__order_taken(self);
}

void gr__held_take(gr__actor *self, enum gr__lock_kind kind, uintptr_t lock, unsigned flags, uintptr_t pc) {
    uint32_t id = gr__lock_find(lock);
    gr__held *held = self->held;
    gr__lock_record *r = gr__lock_at(id);
    bool reads = flags & GR__HOLD_READ;
    if (GR__UNLIKELY(!id || !held || r->owner || (reads && held->count) || held->count >= GR__HOLDS)) {
        take_slow(self, kind, lock, flags, pc);
        return;
    }
    uint32_t i = held->count;
    if (reads) note_reader(r);
    else GR__STORE_RELEASE(&r->owner, self->id);
    push_near(held, i, lock, id, r->version, pc, self->context, kind, flags);
    if (i && !(flags & GR__HOLD_TRY)) gr__order_taken(self);
}

void gr__held_give_for_others(uintptr_t lock) {
    uint32_t id = gr__lock_find(lock);
    gr__lock_record *r = id ? gr__lock_at(id) : NULL;
    if (r) GR__STORE_RELAXED(&r->lent, true);
    if (r && r->owner) {
        GR__STORE_RELEASE(&r->version, r->version + 1);
        GR__STORE_RELEASE(&r->owner, 0);
    } else if (r && GR__LOAD_RELAXED(&r->read)) {
        GR__STORE_RELAXED(&r->unclear, true);
    }
}

void gr__lock_meet(uintptr_t lock, enum gr__lock_kind kind) {
    if (gr__lock_find(lock)) return;
    gr__engine_go_in();
    gr__lock_make(lock, kind);
    gr__engine_come_out();
}

/* What was done under a monitor comes after what others did under it, but does so by luck where the monitor
 * itself is one of the locks in question: so self learns of it only now. */
static void pass_on(gr__actor *self, gr__lock_record *r) {
    self->before = gr__before_join(self->before, GR__LOAD(&r->before));
    gr__before_add(&r->before, gr__before_publish(self));
}

static void clear(gr__actor *self, const gr__hold *h) {
    gr__lock_record *r = gr__lock_at(h->record);
    if (r->monitor && gr__before_matters) pass_on(self, r);
    if (!(h->flags & GR__HOLD_READ)) GR__STORE_RELEASE(&r->owner, 0);
}

GR__NOINLINE static enum gr__held_given give(gr__actor *self, uintptr_t lock) {
    gr__held *held = self->held;
    uint32_t i = held ? find(held, lock) : 0;
    if (!held || i == held->count) return GR__GIVEN_NOT;
    gr__hold *h = place(held, i, NULL);
    if (h->depth > 1) {
        h->depth--;
        return GR__GIVEN_INNER;
    }
    clear(self, h);
    remove_at(held, i);
    return GR__GIVEN;
}

/* The usual case: it was taken last, alone. */
GR__INLINE bool give_last(gr__actor *self, uintptr_t lock) {
    gr__held *held = self->held;
    uint32_t last = held ? held->count - 1 : GR__HOLDS;
    if (GR__UNLIKELY(last >= GR__HOLDS)) return false;
    gr__hold *h = &held->holds[last];
    gr__lock_record *r = gr__lock_at(h->record);
    if (GR__UNLIKELY(h->lock != lock || h->depth > 1 || r->version != h->version || r->monitor)) return false;
    if (!(h->flags & GR__HOLD_READ)) GR__STORE_RELEASE(&r->owner, 0);
    GR__STORE_RELAXED(&h->lock, 0);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    set_count(held, last);
    return true;
}

enum gr__held_given gr__held_give(gr__actor *self, uintptr_t lock) {
    return GR__LIKELY(give_last(self, lock)) ? GR__GIVEN : give(self, lock);
}

GR__NOINLINE static bool give_or_tell(gr__actor *self, enum gr__lock_kind kind, uintptr_t lock, uintptr_t pc) {
    if (give(self, lock) != GR__GIVEN_NOT) return true;
    bool others = gr__lock_holders(lock, NULL, 0) != 0;
    gr__locks_hooks_now.stranger(kind, lock, pc);
    return others;
}
bool gr__held_give_at(gr__actor *self, enum gr__lock_kind kind, uintptr_t lock, uintptr_t pc) {
    return GR__LIKELY(give_last(self, lock)) || give_or_tell(self, kind, lock, pc);
}

bool gr__held_by(const gr__actor *self, uintptr_t lock) {
    return self->held && find(self->held, lock) < self->held->count;
}

void gr__held_end(gr__actor *self) {
    gr__held *held = self->held;
    if (!held) return;
    gr__engine_go_in();
    gr__before_publish(self);
    for (uint32_t i = 0; i < held->count; i++) {
        const gr__hold *h = place(held, i, NULL);
        if (gr__hold_valid(h)) GR__STORE_RELAXED(&gr__lock_at(h->record)->at, gr__hold_place(h));
    }
    GR__STORE_RELEASE(&self->held, NULL);
    for (uint32_t id = id_of(held), next; id; id = next) {
        next = at(id)->next;
        at(id)->count = 0;
        for (unsigned i = 0; i < GR__HOLDS; i++) at(id)->holds[i].lock = 0;
        GR__STORE_RELEASE(&at(id)->actor, 0);
        gr__pool_give(&pool, id);
    }
    gr__engine_come_out();
}

/* --- others look: what they see may be half of something new --- */

static size_t list(const gr__held *held, gr__hold *out, size_t max, uintptr_t only) {
    size_t found = 0;
    for (uint32_t i = 0, count = GR__LOAD_ACQUIRE(&held->count); i < count; i++) {
        const gr__hold *h = place((gr__held *)(uintptr_t)held, i, NULL);
        if (!h || (only && h->lock != only) || !gr__hold_valid(h)) continue;
        if (found < max) out[found] = *h;
        found++;
    }
    return found;
}

size_t gr__held_list(const gr__actor *actor, gr__hold *out, size_t max) {
    const gr__held *held = GR__LOAD_ACQUIRE(&actor->held);
    return held && GR__LOAD_RELAXED(&held->actor) == actor->id ? list(held, out, max, 0) : 0;
}

static size_t readers_of(uintptr_t lock, gr__lock_holder *out, size_t max) {
    size_t found = 0;
    for (uint32_t id = 1, all = (uint32_t)gr__pool_used(&pool); id < all; id++) {
        const gr__actor *actor = gr__actor_by_id(GR__LOAD_ACQUIRE(&at(id)->actor));
        gr__hold h;
        if (!actor || GR__LOAD_RELAXED(&actor->held) != at(id) || !list(at(id), &h, 1, lock)) continue;
        if (found < max) out[found] = (gr__lock_holder){actor->id, gr__hold_place(&h), h.kind, h.flags};
        found++;
    }
    return found;
}

size_t gr__lock_holders(uintptr_t lock, gr__lock_holder *out, size_t max) {
    uint32_t id = gr__lock_find(lock);
    if (!id) return 0;
    const gr__lock_record *r = gr__lock_at(id);
    uint64_t owner = GR__LOAD_ACQUIRE(&r->owner);
    if (!owner) return GR__LOAD_RELAXED(&r->read) ? readers_of(lock, out, max) : 0;
    if (!max) return 1;
    *out = (gr__lock_holder){owner, GR__LOAD_RELAXED(&r->at), r->kind, 0};
    const gr__actor *actor = gr__actor_by_id(owner);
    const gr__held *held = actor ? GR__LOAD_ACQUIRE(&actor->held) : NULL;
    gr__hold h;
    if (!held || !list(held, &h, 1, lock)) return 1;
    out->at = gr__hold_place(&h);
    out->flags = h.flags;
    return 1;
}

void gr__lock_monitor(uintptr_t lock) {
    uint32_t id = gr__lock_find(lock);
    if (id) GR__STORE_RELAXED(&gr__lock_at(id)->monitor, true);
}

void gr__held_monitor(gr__actor *self) {
    gr__held *held = self->held;
    for (uint32_t i = 0; held && i < held->count; i++) {
        gr__lock_record *r = gr__lock_at(place(held, i, NULL)->record);
        if (!r->monitor) GR__STORE_RELAXED(&r->monitor, true);
    }
}

bool gr__lock_known(uintptr_t lock) { return gr__lock_find(lock) != 0; }

bool gr__lock_lent(uintptr_t lock) {
    uint32_t id = gr__lock_find(lock);
    return id && GR__LOAD_RELAXED(&gr__lock_at(id)->lent);
}

bool gr__lock_written(uintptr_t lock) {
    uint32_t id = gr__lock_find(lock);
    return id && GR__LOAD_ACQUIRE(&gr__lock_at(id)->owner);
}

uint32_t gr__lock_readers(uintptr_t lock) {
    uint32_t id = gr__lock_find(lock);
    const gr__lock_record *r = id ? gr__lock_at(id) : NULL;
    return r && GR__LOAD_RELAXED(&r->read) && !GR__LOAD_RELAXED(&r->unclear) ? (uint32_t)readers_of(lock, NULL, 0) : 0;
}
