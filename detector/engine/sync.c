/* sync.c - happens-before edges through objects, C11 atomics and fences.
 *
 * A release stores the actor's knowledge of others (one reference) and its own epoch apart. An
 * object's vector belongs to who locked its word. Release sequences are C11's: read-modify-write operations
 * go on with them, and so do stores of the thread that began; another's store ends them. Of several
 * threads' releases in one object a relaxed store ends all.
 */
#include "detector/engine/internal.h"

/* Enter self and lock the object's word. The word may be NULL: nothing to learn there, and no room
 * to put anything. */
static inline bool begin(gr__actor *self, uintptr_t object, bool make, uint32_t **word) {
    if (!gr__actor_enter(self)) return false;
    GR__COUNT(synchronisations, 1);
    *word = gr__object_lock(object, make || gr__engine_hooks_now.log);
    return true;
}

static inline void end(gr__actor *self, uint32_t *word) {
    if (word) gr__object_unlock(word);
    gr__actor_leave(self);
}

static inline gr__vector *vector_of(uint32_t *word, uintptr_t object, bool make) {
    if (!word) return NULL;
    gr__object *o = gr__object_find(word, GR__OBJECT_SYNC, object);
    if (!o && make) o = gr__object_make(word, GR__OBJECT_SYNC, object);
    return o ? &o->is.vector : NULL;
}

/* Nothing that v says is new: it stands for an epoch that self knows. */
static inline bool has_all(const gr__actor *self, const gr__vector *v) {
    if (v->mixed) return false;
    return v->epoch.slot == self->slot || gr__actor_knows(self, v->epoch.slot, v->epoch.clock);
}

/* Nothing that self knows is missing in what its peer, who is at this epoch, knows: the peer knows the last that self
 * published, and self has learned nothing since. */
static bool is_part(const gr__actor *self, const gr__knowledge *peer) {
    return self->published && !self->learned && gr__knowledge_get(peer, self->slot) >= self->published;
}

/* All of v is in its origin, which self knows, but for two components. */
static bool has_origin(const gr__actor *self, const gr__vector *v) {
    if (v->mixed) return false;
    return v->origin.slot == self->slot || gr__actor_knows(self, v->origin.slot, v->origin.clock);
}

static void learn_one(gr__actor *self, gr__epoch e) {
    if (e.slot != self->slot) gr__knowledge_raise(&self->knows, e);
}

static __attribute__((noinline)) void learn_new(gr__actor *self, const gr__vector *v) {
    bool all = false; /* what that epoch stands for is all that self knows now */
    if (has_origin(self, v)) {
        learn_one(self, v->knows.recent);
    } else if (is_part(self, &v->knows)) {
        gr__knowledge_copy(&self->knows, &v->knows, self->slot);
        all = !v->mixed;
    } else {
        gr__knowledge_join(&self->knows, &v->knows, self->slot);
    }
    learn_one(self, v->epoch);
    gr__actor_learned(self);
    if (all) self->origin = v->epoch;
}
static inline void learn(gr__actor *self, const gr__vector *v) {
    if (v && !has_all(self, v)) learn_new(self, v);
}

/* A release that leaves what was there. */
static void own_too(const gr__actor *self, gr__vector *v) {
    if (v->owner && v->owner != (uint32_t)self->id) v->owner = UINT32_MAX;
    else v->owner = (uint32_t)self->id;
}

static inline void become(gr__actor *self, gr__vector *v) {
    v->origin = self->origin;
    v->epoch = gr__actor_publish(self);
    v->mixed = false;
    gr__knowledge_copy(&v->knows, &self->knows, 0);
}

static inline void publish(gr__actor *self, gr__vector *v) {
    if (!v) return;
    v->owner = (uint32_t)self->id;
    become(self, v);
}

static void publish_merge(gr__actor *self, gr__vector *v) {
    if (!v) return;
    own_too(self, v);
    if (has_all(self, v)) {
        become(self, v);
        return;
    }
    gr__epoch origin = self->origin, e = gr__actor_publish(self);
    if (gr__knowledge_get(&v->knows, origin.slot) >= origin.clock) gr__knowledge_raise(&v->knows, self->knows.recent);
    else gr__knowledge_join(&v->knows, &self->knows, 0);
    if (v->epoch.slot != e.slot) gr__knowledge_raise(&v->knows, v->epoch);
    v->epoch = e;
    v->mixed = true;
}

/* In all of them slot 0 is nobody's, and nothing is known of it. */
static void learn_for_fence(gr__actor *self, const gr__vector *v) {
    if (!v) return;
    self->fence_acquire = gr__clock_join(self->fence_acquire, v->knows.clock);
    self->fence_acquire = gr__clock_raise(self->fence_acquire, v->knows.recent.slot, v->knows.recent.clock);
    self->fence_acquire = gr__clock_raise(self->fence_acquire, v->epoch.slot, v->epoch.clock);
}

/* A relaxed store, or read-modify-write, publishes what a release fence left, if there was one. */
static void publish_fence(gr__actor *self, gr__vector *v, bool read_modify_write) {
    if (!v) return;
    gr__knowledge fenced = {.clock = self->fence_release};
    if (!read_modify_write && v->owner != (uint32_t)self->id) {
        gr__knowledge_drop(&v->knows);
        v->epoch = gr__epoch_of(0, 0);
        v->owner = 0;
    }
    if (!fenced.clock) return;
    own_too(self, v);
    gr__knowledge_join(&v->knows, &fenced, 0);
    v->mixed = true;
}

void gr__acquire(gr__actor *self, uintptr_t object, gr__loc loc) {
    uint32_t *word;
    if (!begin(self, object, false, &word)) return;
    gr__log_ordered(self, GR__EVENT_ACQUIRE, 0, object, loc);
    learn(self, vector_of(word, object, false));
    end(self, word);
}

void gr__release(gr__actor *self, uintptr_t object, gr__loc loc) {
    uint32_t *word;
    if (!begin(self, object, true, &word)) return;
    gr__log_ordered(self, GR__EVENT_RELEASE, 0, object, loc);
    publish(self, vector_of(word, object, true));
    end(self, word);
}

void gr__release_merge(gr__actor *self, uintptr_t object, gr__loc loc) {
    uint32_t *word;
    if (!begin(self, object, true, &word)) return;
    gr__log_ordered(self, GR__EVENT_RELEASE_MERGE, 0, object, loc);
    publish_merge(self, vector_of(word, object, true));
    end(self, word);
}

void gr__release_acquire(gr__actor *self, uintptr_t object, gr__loc loc) {
    uint32_t *word;
    if (!begin(self, object, true, &word)) return;
    gr__log_ordered(self, GR__EVENT_RELEASE_ACQUIRE, 0, object, loc);
    gr__vector *v = vector_of(word, object, true);
    learn(self, v);
    publish(self, v);
    end(self, word);
}

void gr__acquire_relaxed(gr__actor *self, uintptr_t object, gr__loc loc) {
    uint32_t *word;
    if (!begin(self, object, false, &word)) return;
    gr__log_ordered(self, GR__EVENT_ACQUIRE_RELAXED, 0, object, loc);
    learn_for_fence(self, vector_of(word, object, false));
    end(self, word);
}

void gr__release_relaxed(gr__actor *self, uintptr_t object, bool read_modify_write, gr__loc loc) {
    uint32_t *word;
    if (!begin(self, object, true, &word)) return;
    gr__log_ordered(self, GR__EVENT_RELEASE_RELAXED, read_modify_write, object, loc);
    publish_fence(self, vector_of(word, object, self->fence_release), read_modify_write);
    end(self, word);
}

/* Let a and b share all but what each has apart. The recent component of `from` is told apart afterwards, or
 * is of one of the two. */
static void share(gr__knowledge *from, gr__knowledge *to, uint32_t self, uint32_t other) {
    gr__clock_drop(to->clock); /* first: what only these two share is changed in place */
    if (from->recent.slot != self && from->recent.slot != other)
        from->clock = gr__clock_raise(from->clock, from->recent.slot, from->recent.clock);
    to->clock = gr__clock_keep(from->clock);
}

/* Afterwards both know the same, and the epochs they publish stand for it: so each gets a new one. */
static void meet(gr__actor *self, gr__actor *other) {
    bool self_has_all = is_part(other, &self->knows);
    bool other_has_all = !self_has_all && is_part(self, &other->knows);
    gr__actor_learned(self);
    gr__actor_learned(other);
    gr__epoch mine = gr__actor_publish(self), its = gr__actor_publish(other);
    bool moved = mine.slot != self->slot || its.slot != other->slot; /* and know their old slots */
    if (other_has_all && !moved) {
        share(&other->knows, &self->knows, mine.slot, its.slot);
    } else {
        if (!self_has_all || moved) gr__knowledge_join(&self->knows, &other->knows, self->slot);
        share(&self->knows, &other->knows, mine.slot, its.slot);
    }
    if (moved) { /* rare: whoever goes on in another slot knows the old one */
        gr__knowledge_raise(&self->knows, mine);
        gr__knowledge_raise(&self->knows, its);
        gr__knowledge_raise(&other->knows, its);
        gr__knowledge_raise(&other->knows, mine);
        return;
    }
    self->knows.recent = its;
    other->knows.recent = mine;
}

void gr__meet(gr__actor *self, gr__actor *other, uintptr_t object, gr__loc loc) {
    if (gr__engine_hooks_now.log) {
        gr__release(self, object, loc);
        gr__acquire(other, object, other->context);
        gr__release(other, object, other->context);
        gr__acquire(self, object, loc);
        return;
    }
    if (!gr__actor_enter(self)) return;
    if (gr__actor_enter(other)) {
        GR__COUNT(synchronisations, 1);
        meet(self, other);
        gr__actor_leave(other);
    }
    gr__actor_leave(self);
}

void gr__sync_destroy(uintptr_t low, size_t size) {
    gr__engine_go_in();
    gr__log(NULL, GR__EVENT_SIZE, 0, size, 0, 0);
    gr__log_ordered(NULL, GR__EVENT_DESTROY, 0, low, 0);
    gr__object_drop(low, size, 1u << GR__OBJECT_SYNC);
    gr__engine_come_out();
}

static bool acquires(enum gr__memory_order order) {
    return order != GR__RELAXED && order != GR__RELEASE;
}
static bool releases(enum gr__memory_order order) { return order >= GR__RELEASE; }

static void atomic_learn(gr__actor *self, gr__vector *v, uintptr_t object, bool acquire, gr__loc loc) {
    if (!v) return;
    gr__log_ordered(self, acquire ? GR__EVENT_ACQUIRE : GR__EVENT_ACQUIRE_RELAXED, 0, object, loc);
    if (acquire) learn(self, v);
    else learn_for_fence(self, v);
}

static void atomic_publish(gr__actor *self, gr__vector *v, uintptr_t object, bool release,
                           bool read_modify_write, gr__loc loc) {
    if (!v) return;
    unsigned event = !release ? GR__EVENT_RELEASE_RELAXED
                     : read_modify_write ? GR__EVENT_RELEASE_MERGE : GR__EVENT_RELEASE;
    gr__log_ordered(self, event, !release && read_modify_write, object, loc);
    if (!release) publish_fence(self, v, read_modify_write);
    else if (read_modify_write) publish_merge(self, v);
    else publish(self, v);
}

void gr__atomic(gr__actor *self, uintptr_t address, size_t size, enum gr__atomic_did kind,
                enum gr__memory_order order, enum gr__memory_order fail_order, uintptr_t pc,
                gr__atomic_operate operate, void *argument) {
    if (!gr__actor_enter(self)) {
        operate(argument);
        return;
    }
    GR__COUNT(synchronisations, 1);
    gr__loc loc = gr__loc_get(self->context, pc);
    gr__conflicts found;
    uint32_t *word = gr__object_lock(address, true);
    gr__vector *v = vector_of(word, address, false);
    enum gr__atomic_did did = operate(argument);
    if (did == GR__DID_LOAD && kind == GR__DID_RMW) order = fail_order;
    if (did & GR__DID_LOAD) atomic_learn(self, v, address, acquires(order), loc);
    /* Between: ordered after what was read, and released with what is stored. */
    unsigned flags = GR__ACCESS_ATOMIC | (did & GR__DID_STORE ? GR__ACCESS_WRITE : 0u);
    if (self->ignore <= 0) gr__log(self, GR__EVENT_ACCESS, flags, address, (uint32_t)size, loc);
    gr__access_check(self, address, size, flags, loc, &found);
    if (did & GR__DID_STORE) {
        bool gives = releases(order);
        if (!v && (gives || self->fence_release)) v = vector_of(word, address, true);
        atomic_publish(self, v, address, gives, did == GR__DID_RMW, loc);
    }
    end(self, word);
    if (found.count) gr__access_tell(self, address, size, flags, loc, &found);
}

void gr__fence(gr__actor *self, enum gr__memory_order order) {
    if (!gr__actor_enter(self)) return;
    if (acquires(order)) {
        gr__log(self, GR__EVENT_FENCE_ACQUIRE, 0, 0, 0, 0);
        gr__knowledge fenced = {.clock = self->fence_acquire};
        gr__knowledge_join(&self->knows, &fenced, self->slot);
        if (fenced.clock) gr__actor_learned(self);
        gr__clock_drop(self->fence_acquire);
        self->fence_acquire = 0;
    }
    if (releases(order)) {
        gr__log(self, GR__EVENT_FENCE_RELEASE, 0, 0, 0, 0);
        gr__epoch e = gr__actor_publish(self);
        gr__clock_drop(self->fence_release);
        self->fence_release = gr__clock_raise(gr__knowledge_clock(&self->knows), e.slot, e.clock);
    }
    gr__actor_leave(self);
}
