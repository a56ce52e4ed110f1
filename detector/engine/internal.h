/* internal.h - what the engine's files share. Engine only.
 *
 * Locks, in the order they may nest: object word (object.c) > actor lists (actor.c) > pool shards.
 * A cell's lock bit (access.c) nests in an object word. Hooks->race is called with none of them,
 * hooks->log with the object's word at most. No file here calls memcpy or memset outside of begin and
 * reset: in a program they are the detector's interceptors.
 */
#ifndef GR_DETECTOR_ENGINE_INTERNAL_H
#define GR_DETECTOR_ENGINE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "detector/engine/clock.h"
#include "detector/engine/engine.h"
#include "detector/engine/loc.h"
#include "detector/engine/pool.h"
#include "detector/engine/record.h"
#include "detector/engine/shadow.h"
#include "detector/engine/table.h"
#include "detector/trace/trace.h"

/* gr__actor.flags. UNCHECKED: there were too many actors for this one to get a slot. */
enum { GR__ACTOR_BUSY = 1, GR__ACTOR_UNCHECKED = 2 };

extern gr__engine_hooks gr__engine_hooks_now; /* constant after gr__engine_init */

typedef struct gr__counter { _Alignas(64) uint64_t accesses, synchronisations; } gr__counter;
extern gr__counter gr__counters[GR__SHARDS]; /* by shard; a lost count now and then is no harm */
static inline void gr__count(uint64_t *counter, uint64_t more) {
    __atomic_store_n(counter, __atomic_load_n(counter, __ATOMIC_RELAXED) + more, __ATOMIC_RELAXED);
}
#define GR__COUNT(field, more) gr__count(&gr__counters[gr__shard()].field, (more))

/* An actor works for one thread at a time, so one that is busy already was interrupted by a signal
 * handler that could not be put off (a fault): what it does goes unseen, or it could wait for a lock of
 * its own thread. */
static inline bool gr__actor_enter(gr__actor *self) {
    if (self->flags) return false;
    gr__engine_go_in();
    self->flags = GR__ACTOR_BUSY;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    return true;
}
static inline void gr__actor_leave(gr__actor *self) {
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    self->flags &= ~(uint32_t)GR__ACTOR_BUSY;
    gr__engine_come_out();
}

/* Log an event; `ordered` draws its ticket here. */
static inline void gr__log(gr__actor *self, unsigned event, unsigned arg, uint64_t address,
                           uint32_t number, gr__loc loc) {
    if (gr__engine_hooks_now.log) gr__engine_hooks_now.log(self, event, arg, address, number, loc);
}
static inline void gr__log_ordered(gr__actor *self, unsigned event, unsigned arg, uint64_t address,
                                   gr__loc loc) {
    if (gr__engine_hooks_now.log)
        gr__engine_hooks_now.log(self, event, arg, address, gr__engine_ticket(), loc);
}

/* --- actor.c --- */
bool gr__actor_open(void);
void gr__actor_reset(void);
void gr__actor_counts(uint64_t *actors, uint64_t *forgotten);
/* All that self did so far, as an epoch others may learn; what it does from now on is later. */
gr__epoch gr__actor_publish(gr__actor *self);
/* Id of the actor that had this slot then; 0: unknown. */
uint64_t gr__actor_at(uint32_t slot, uint32_t clock);

/* Self knows more than before: its present epoch is the first that stands for that. */
static inline void gr__actor_learned(gr__actor *self) {
    self->learned = true;
    self->learned_at = self->clock;
    self->version++;
    self->origin = gr__epoch_of(self->slot, self->clock);
}
/* Does self know all that was done in this epoch? */
static inline bool gr__actor_knows(const gr__actor *self, uint32_t slot, uint32_t clock) {
    return gr__knowledge_get(&self->knows, slot) >= clock;
}

/* --- loc.c --- */
bool gr__loc_open(void);
void gr__loc_reset(void);
uint64_t gr__loc_count(void);

/* --- access.c --- */
bool gr__access_open(void);
void gr__access_reset(void);
/* Conflicts found while something was locked, to be told when nothing is. */
enum { GR__CONFLICTS_MAX = 16 };
typedef struct gr__conflicts {
    unsigned count;
    bool met; /* some were, since it was cleared, though they may have been told of another granule of a range */
    struct { uint64_t epoch; uintptr_t granule; gr__part part; } earlier[GR__CONFLICTS_MAX];
} gr__conflicts;
void gr__access_check(gr__actor *self, uintptr_t address, size_t size, unsigned flags, gr__loc loc,
                      gr__conflicts *found);
/* The same for a free, as a write to the whole block; wipe: and forget all that was done there. */
void gr__access_free(gr__actor *self, uintptr_t address, size_t size, bool wipe, gr__loc loc,
                     gr__conflicts *found);
void gr__access_tell(gr__actor *self, uintptr_t address, size_t size, unsigned flags, gr__loc loc,
                     const gr__conflicts *found);
void gr__access_wipe(uintptr_t address, size_t size);

/* --- stack.c --- */
bool gr__stack_open(void);
void gr__stack_reset(void);
/* Atomic, by MiB: bytes from its end down to the deepest touched one; above, bytes from its start up to the
 * highest touched granule, that included. */
extern uint64_t *gr__stack_marks;
void gr__stack_mark_slow(uint64_t *mark, uint32_t depth, uint32_t height);
/* Something is remembered of address. */
static inline void gr__stack_mark(uintptr_t address) {
    if (address - GR__STACKS_LOW >= GR__STACKS_HIGH - GR__STACKS_LOW) return;
    uint64_t *mark = &gr__stack_marks[(address - GR__STACKS_LOW) >> 20], now = __atomic_load_n(mark, __ATOMIC_RELAXED);
    uint32_t offset = (uint32_t)address & 0xffff8u, depth = (1u << 20) - offset, height = offset + GR__GRANULE;
    if ((uint32_t)now < depth || now >> 32 < height) gr__stack_mark_slow(mark, depth, height);
}

/* --- object.c: what lives at an address --- */
/* A released clock: what the last to release knew of others, and its epoch. `mixed`: others released into it,
 * so it says more than that epoch stands for. */
typedef struct gr__vector {
    gr__knowledge knows;
    gr__epoch epoch, origin;
    uint32_t owner; /* id of the actor whose releases these are; 0: there are none; ~0: of several */
    bool mixed;
} gr__vector;
enum gr__object_kind { GR__OBJECT_SYNC = 1, GR__OBJECT_BLOCK = 2 };
typedef struct gr__object {
    uint32_t next;
    uint32_t kind;
    uintptr_t address;
    union {
        gr__vector vector;
        gr__heap_block block;
    } is;
} gr__object;
bool gr__object_open(void);
void gr__object_reset(void);
#define GR__OBJECT_LOCK 0x80000000u
extern gr__table gr__objects; /* words: LOCK, the others the first object's id */
extern gr__pool gr__object_pool;
static inline gr__object *gr__object_at(uint32_t id) { return GR__POOL_AT(gr__object, &gr__object_pool, id); }
void gr__object_wait(uint32_t *word); /* until it is locked by us */
/* Lock the word of address; NULL when nothing lives near and make is false. */
static inline uint32_t *gr__object_lock(uintptr_t address, bool make) {
    address &= ~GR__OBJECT_SECOND;
    if (!gr__shadow_covers(address)) return NULL;
    if (make) gr__stack_mark(address);
    uint32_t *word = gr__table_look(&gr__objects, address);
    if (!word && (!make || !(word = gr__table_make(&gr__objects, address)))) return NULL;
    /* An exchange is quicker than an `or` whose old value is asked for: that is a loop. */
    uint32_t seen = *word & ~GR__OBJECT_LOCK;
    if (!__atomic_compare_exchange_n(word, &seen, seen | GR__OBJECT_LOCK, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
        gr__object_wait(word);
    return word;
}
/* While it is set others set the bit only, so a store will do. */
static inline void gr__object_unlock(uint32_t *word) {
    __atomic_store_n(word, *word & ~GR__OBJECT_LOCK, __ATOMIC_RELEASE);
}
/* In a locked word. */
static inline gr__object *gr__object_find(const uint32_t *word, enum gr__object_kind kind, uintptr_t address) {
    for (uint32_t id = *word & ~GR__OBJECT_LOCK; id;) {
        gr__object *o = gr__object_at(id);
        if (o->kind == kind && o->address == address) return o;
        id = o->next;
    }
    return NULL;
}
gr__object *gr__object_make(uint32_t *word, enum gr__object_kind kind, uintptr_t address);
/* The same, when it is the only one there. */
gr__object *gr__object_alone(uint32_t *word, enum gr__object_kind kind, uintptr_t address);
/* Drop objects of these kinds (bits 1 << kind) in [low, low + size). */
void gr__object_drop(uintptr_t low, size_t size, unsigned kinds);

#endif
