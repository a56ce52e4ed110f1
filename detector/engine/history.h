/* history.h - what is remembered of one granule, and what a new access means for it. Engine only.
 *
 * While one record (record.h) is all, it is the cell and its place. Else the place names more of them: a
 * list of the granule's own; or, with SHARED, the cell names a list that many granules have in common and nobody
 * changes, so that what several actors read takes no memory but its cells (shared.h). In a list those many who did the
 * same to the same bytes are a crowd: a clock instead of a record for each (crowd.h).
 *
 * Threads: a cell, its place and a list of its own belong to who set the cell's lock bit.
 */
#ifndef GR_DETECTOR_ENGINE_HISTORY_H
#define GR_DETECTOR_ENGINE_HISTORY_H

#include "detector/engine/internal.h"

/* An access in one granule, as a record that has nothing else. Words that are read as they were written,
 * and never copied: or the processor would wait for its own stores. */
typedef struct gr__alone { uint64_t cell; gr__loc place, loc; uint32_t bytes, flags; } gr__alone;

static inline gr__part gr__alone_part(const gr__alone *a) {
    return (gr__part){a->loc, (uint8_t)a->bytes, (uint8_t)a->flags};
}
void gr__alone_close(gr__alone *a); /* of a kind that a cell cannot say */
static inline void gr__alone_open(gr__alone *a, const gr__actor *self, gr__loc loc, uint32_t bytes,
                                  uint32_t flags) {
    uint64_t epoch = self->stamp >> GR__CELL_EPOCH << GR__CELL_EPOCH;
    bool simple = !(flags & ~(unsigned)GR__ACCESS_WRITE);
    a->cell = simple ? epoch | gr__cell_bytes(bytes, flags & GR__ACCESS_WRITE) : epoch;
    a->place = a->loc = loc;
    a->bytes = bytes;
    a->flags = flags;
    if (__builtin_expect(!simple, 0)) gr__alone_close(a);
}

/* Whatever conflicts with b conflicts with a. */
static inline bool gr__no_weaker(unsigned a, unsigned b) {
    return (a & GR__ACCESS_WRITE || !(b & GR__ACCESS_WRITE)) &&
           (!(a & GR__ACCESS_ATOMIC) || b & GR__ACCESS_ATOMIC);
}
static inline bool gr__conflicting(unsigned a, unsigned b) {
    return (a | b) & GR__ACCESS_WRITE && !(a & b & GR__ACCESS_ATOMIC);
}
/* Does the access stand for all that this record says, if that is ordered before it? Of sets of parts it is known when
 * they have one. */
static inline bool gr__covers(const gr__alone *a, uint64_t cell, gr__loc place) {
    if (!(cell & GR__CELL_PARTS))
        return !(gr__cell_accessed(cell) & ~a->bytes) &&
               gr__no_weaker(a->flags, gr__cell_written(cell) ? GR__ACCESS_WRITE : 0);
    if (place == a->place || (a->bytes == 255u && gr__no_weaker(a->flags, GR__ACCESS_WRITE))) return true;
    gr__part only;
    return gr__record_only(place, &only) && !(only.bytes & ~a->bytes) && gr__no_weaker(a->flags, only.flags);
}
/* Is self on its way through much memory? Else it is not worth it to look for steps that it takes again. */
static inline bool gr__sweeps(const gr__actor *self, const gr__alone *a) {
    return self->checks > gr__sweep_begins && !(a->flags & ~(unsigned)GR__ACCESS_WRITE);
}
/* Is the record of this cell ordered before what self does now? */
static inline bool gr__is_before(uint64_t cell, const gr__actor *self) {
    uint32_t slot = gr__cell_slot(cell);
    return slot == self->slot || gr__actor_knows(self, slot, gr__cell_clock(cell));
}

void gr__conflict(gr__conflicts *found, uint64_t epoch, uintptr_t granule, gr__part earlier);

bool gr__history_open(void);
void gr__history_reset(void);
uint64_t gr__history_records(void);
/* The thread is at its end. */
void gr__history_settle(void);

/* Hold the access against all that is remembered, and remember it. Locks the cell. */
void gr__history_check(gr__actor *self, uint64_t *cell, uint32_t *place, uintptr_t granule,
                       const gr__alone *access, gr__conflicts *found);
/* Forget what was done to these bytes. Locks the cell. */
void gr__history_wipe(uint64_t *cell, uint32_t *place, unsigned bytes);

#endif
