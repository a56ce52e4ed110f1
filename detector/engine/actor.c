/* actor.c - actors, their slots in the clocks, and who had a slot when.
 *
 * A slot that an ended actor left goes on with one that is ordered after it, its clock counting on
 * (accordion clocks: Christiaens, De Bosschere, 2001): then what is ordered with the new one's
 * epochs is ordered with the old one's too. When there are no slots left, the longest ended actor
 * is forgotten and counted: races with it may be missed.
 */
#include "detector/engine/internal.h"

#include <string.h>

#include "detector/engine/pages.h"
#include "detector/engine/history.h"
#include "detector/engine/shared.h"

#define ACTORS (1u << 26)
#define TRIES 8u

/* One stretch of a slot's clock that belonged to one actor. */
typedef struct stretch { uint32_t actor, start, before; } stretch;
typedef struct slot { uint32_t last, final, next; } slot; /* last stretch; next ended slot */

static gr__actor *actors;
static uint32_t actors_used = 1; /* atomic */
static gr__actor unchecked = {.flags = GR__ACTOR_UNCHECKED};

static uint32_t lock; /* guards all below */
static slot *slots;
static uint32_t slots_used = 1;
static uint32_t ended_first, ended_last;
static stretch *stretches;
static uint32_t stretches_used = 1;
static uint64_t forgotten;

bool gr__actor_open(void) {
    actors = gr__pages_reserve(0, sizeof *actors * (uint64_t)ACTORS);
    slots = gr__pages_reserve(0, sizeof *slots * (uint64_t)GR__SLOTS);
    stretches = gr__pages_reserve(0, sizeof *stretches * 2ull * ACTORS);
    return actors && slots && stretches;
}

void gr__actor_reset(void) {
    gr__pages_forget(actors, sizeof *actors * (uint64_t)ACTORS);
    gr__pages_forget(slots, sizeof *slots * (uint64_t)GR__SLOTS);
    gr__pages_forget(stretches, sizeof *stretches * 2ull * ACTORS);
    actors_used = slots_used = stretches_used = 1;
    ended_first = ended_last = 0;
    forgotten = 0;
}

void gr__actor_counts(uint64_t *made, uint64_t *lost) {
    *made = __atomic_load_n(&actors_used, __ATOMIC_RELAXED) - 1;
    *lost = __atomic_load_n(&forgotten, __ATOMIC_RELAXED);
}

static uint32_t pop_ended(void) {
    uint32_t s = ended_first;
    if (s && !(ended_first = slots[s].next)) ended_last = 0;
    return s;
}

static void push_ended(uint32_t s) {
    slots[s].next = 0;
    if (ended_last) slots[ended_last].next = s;
    else ended_first = s;
    ended_last = s;
}

/* A slot for an actor that knows this: one whose owner's end it knows, a new one, or at worst
 * any ended one. 0: all are in use. */
static uint32_t choose_slot(const gr__knowledge *knows) {
    for (unsigned i = 0; i < TRIES && ended_first; i++) {
        uint32_t s = pop_ended();
        if (gr__knowledge_get(knows, s) >= slots[s].final) return s;
        push_ended(s);
    }
    if (slots_used < GR__SLOTS) return slots_used++;
    uint32_t s = pop_ended();
    if (s) forgotten++;
    return s;
}

/* Give self a slot, by what it knows. */
static bool take_slot(gr__actor *self) {
    gr__spin_lock(&lock);
    uint32_t s = stretches_used < 2 * ACTORS ? choose_slot(&self->knows) : 0;
    if (s) {
        self->slot = s;
        self->clock = slots[s].final + 1;
        stretches[stretches_used] = (stretch){(uint32_t)self->id, self->clock, slots[s].last};
        slots[s].last = stretches_used++;
    }
    gr__spin_unlock(&lock);
    if (!s) return false;
    self->stamp = gr__cell_stamp(self->slot, self->clock);
    self->published = 0;
    gr__actor_learned(self);
    return true;
}

uint64_t gr__actor_at(uint32_t s, uint32_t clock) {
    gr__engine_go_in();
    gr__spin_lock(&lock);
    uint32_t i = s < GR__SLOTS ? slots[s].last : 0;
    while (i && stretches[i].start > clock) i = stretches[i].before;
    uint64_t id = i ? stretches[i].actor : 0;
    gr__spin_unlock(&lock);
    gr__engine_come_out();
    return id;
}

gr__epoch gr__actor_publish(gr__actor *self) {
    /* When nothing carries the present clock yet, it can still be a later one. */
    if (!self->accessed && !self->learned) return gr__epoch_of(self->slot, self->clock - 1);
    gr__epoch e = gr__epoch_of(self->slot, self->clock);
    self->accessed = self->learned = false;
    GR__COUNT(accesses, self->checks);
    self->checks = 0;
    self->published = e.clock;
    if (self->clock < GR__CLOCK_MAX) {
        self->clock++;
        self->stamp = gr__cell_stamp(self->slot, self->clock);
        return e;
    }
    gr__knowledge_raise(&self->knows, e);
    if (!take_slot(self)) {
        self->flags |= GR__ACTOR_UNCHECKED;
        self->stamp = 0;
    }
    return e;
}

/* An actor who knows this, and then e. */
static gr__actor *make(gr__actor *parent, enum gr__actor_kind kind, uint64_t number, gr__loc at,
                       const gr__knowledge *knows, gr__epoch e) {
    if (__atomic_load_n(&actors_used, __ATOMIC_RELAXED) >= ACTORS) return &unchecked;
    uint32_t id = __atomic_fetch_add(&actors_used, 1, __ATOMIC_RELAXED);
    if (id >= ACTORS) {
        __atomic_store_n(&actors_used, ACTORS, __ATOMIC_RELAXED);
        return &unchecked;
    }
    gr__actor *a = &actors[id];
    a->id = id;
    a->number = number;
    a->kind = kind;
    a->created_at = at;
    a->creator = parent ? parent->id : 0;
    gr__knowledge_copy(&a->knows, knows, 0);
    gr__knowledge_raise(&a->knows, e);
    if (!take_slot(a)) a->flags = GR__ACTOR_UNCHECKED;
    else if (parent && e.slot == parent->slot && a->knows.recent.slot == e.slot)
        a->origin = gr__epoch_of(e.slot, parent->learned_at);
    gr__log(parent, GR__EVENT_ACTOR, kind, id, (uint32_t)number, at);
    gr__log_ordered(parent, parent ? GR__EVENT_FORK : GR__EVENT_ROOT, 0, id, at);
    return a;
}

static const gr__knowledge nothing;

gr__actor *gr__actor_root(enum gr__actor_kind kind, uint64_t number) {
    gr__engine_go_in();
    gr__actor *a = make(NULL, kind, number, 0, &nothing, gr__epoch_of(0, 0));
    gr__engine_come_out();
    return a;
}

gr__actor *gr__actor_fork(gr__actor *parent, enum gr__actor_kind kind, uint64_t number, gr__loc at) {
    gr__engine_go_in();
    if (!gr__actor_enter(parent)) {
        gr__actor *stranger = make(NULL, kind, number, at, &nothing, gr__epoch_of(0, 0));
        gr__engine_come_out();
        return stranger;
    }
    gr__epoch e = gr__actor_publish(parent);
    gr__actor *child = make(parent, kind, number, at, &parent->knows, e);
    gr__actor_leave(parent);
    gr__engine_come_out();
    return child;
}

void gr__actor_end(gr__actor *self) {
    if (!gr__actor_enter(self)) return;
    gr__log_ordered(self, GR__EVENT_END, 0, self->id, 0);
    if (!self->accessed) self->clock--; /* the last clock that anything carries */
    self->stamp = 0;
    GR__COUNT(accesses, self->checks);
    if (self->kind == GR__ACTOR_THREAD) {
        gr__shared_settle(); /* the thread is at its end, too */
        gr__history_settle();
        gr__loc_cache_drop();
    } else {             /* nobody can wait for its end */
        gr__knowledge_drop(&self->knows);
    }
    gr__clock_drop(self->fence_acquire);
    gr__clock_drop(self->fence_release);
    self->fence_acquire = self->fence_release = 0;
    gr__spin_lock(&lock);
    slots[self->slot].final = self->clock;
    if (self->clock < GR__CLOCK_MAX) push_ended(self->slot);
    gr__spin_unlock(&lock);
    gr__actor_leave(self);
    self->flags = GR__ACTOR_UNCHECKED;
    __atomic_store_n(&self->ended, true, __ATOMIC_RELEASE);
}

void gr__actor_join(gr__actor *self, gr__actor *ended, gr__loc at) {
    if (ended == &unchecked || !gr__actor_enter(self)) return;
    gr__log_ordered(self, GR__EVENT_JOIN, 0, ended->id, at);
    if (ended->kind == GR__ACTOR_THREAD && __atomic_load_n(&ended->ended, __ATOMIC_ACQUIRE)) {
        gr__knowledge_join(&self->knows, &ended->knows, self->slot);
        gr__knowledge_raise(&self->knows, gr__epoch_of(ended->slot, ended->clock));
        gr__knowledge_drop(&ended->knows);
        gr__actor_learned(self);
    }
    gr__actor_leave(self);
}

gr__actor *gr__actor_by_id(uint64_t id) {
    return id && id < __atomic_load_n(&actors_used, __ATOMIC_ACQUIRE) ? &actors[id] : NULL;
}
