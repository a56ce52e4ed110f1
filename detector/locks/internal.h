/* internal.h - what the room's files share: the records of locks. */
#ifndef GR_DETECTOR_LOCKS_INTERNAL_H
#define GR_DETECTOR_LOCKS_INTERNAL_H

#include "detector/engine/pool.h"
#include "detector/engine/table.h"
#include "detector/locks/locks.h"

/* What is known of a lock. Atomic. */
typedef struct gr__lock_record {
    _Alignas(64)
    uint32_t next;     /* in the list of its 8 bytes; of free ones */
    uint32_t version;  /* holds of an older one are void; goes on when the record is used anew */
    uintptr_t address; /* 0: free */
    uint64_t owner;    /* id of the actor that has it alone; 0: nobody */
    gr__loc at;        /* where that took it, if it has ended */
    uint32_t node;     /* in the graph of orders; 0: none */
    uint64_t before;   /* of a monitor: what it carries */
    bool monitor;      /* somebody waited with it for a condition */
    uint8_t kind;      /* enum gr__lock_kind */
    bool read;         /* it was taken to read */
    bool lent;         /* somebody else than its holder has given it: nobody need wait for the holder */
    bool unclear;      /* a reader's hold was given by another: nobody knows who reads */
} gr__lock_record;

enum { GR__HOLDS = 12 };
/* What an actor holds: in its first one `count` of all, and in others what is more than GR__HOLDS. Beyond count
 * there are no locks. A signal handler takes and gives again what it needs, so between any two instructions of
 * a push or a pop there may be one, if only count goes up first, and down last. */
typedef struct gr__held {
    uint32_t next;     /* id of another one, 0: none; of free ones */
    uint32_t count;
    uint64_t actor;    /* atomic: its id; 0: nobody's */
    uint64_t number;   /* of its present time (order.h); 0: none */
    gr__hold holds[GR__HOLDS];
} gr__held;

/* --- record.c --- */
extern gr__locks_hooks gr__locks_hooks_now; /* constant after gr__locks_open */
extern gr__table gr__lock_table;
extern gr__pool gr__lock_pool;
static inline gr__lock_record *gr__lock_at(uint32_t id) { return (gr__lock_record *)(void *)gr__lock_pool.base + id; }
/* Its id; 0: it is not known. Lists change at their heads and under a lock, and a record that was taken out
 * has another address or none: whoever follows a list meanwhile finds no wrong one. */
static inline uint32_t gr__lock_find(uintptr_t lock) {
    if (GR__UNLIKELY(lock >> 47)) return 0;
    const uint32_t *word = gr__table_look(&gr__lock_table, lock);
    if (GR__UNLIKELY(!word)) return 0;
    uint32_t id = GR__LOAD_ACQUIRE(word);
    while (id && GR__LOAD_RELAXED(&gr__lock_at(id)->address) != lock) id = GR__LOAD_ACQUIRE(&gr__lock_at(id)->next);
    return id;
}
uint32_t gr__lock_make(uintptr_t lock, enum gr__lock_kind kind);

/* --- held.c --- */
gr__hold *gr__held_at(gr__held *held, uint32_t i); /* NULL: memory was short when it was taken */
bool gr__held_open(void);
static inline bool gr__hold_valid(const gr__hold *h) {
    const gr__lock_record *r = gr__lock_at(h->record);
    return h->lock && GR__LOAD_RELAXED(&r->version) == h->version && !GR__LOAD_RELAXED(&r->unclear);
}

#endif
