/* shared.h - lists of records that many granules have in common. Engine only.
 *
 * Where a thread goes through memory that others went through before, one granule after the other has the
 * same history and gets the same new access. A thread remembers such steps, and what came of them: the second
 * time it makes the outcome a list that can be shared, and from then on a step is a look and a store.
 * A list counts its granules. The threads' remembered steps count for themselves and settle later;
 * meanwhile each keeps its lists alive.
 *
 * Threads: lists never change. A granule's reference belongs to who locked its cell.
 */
#ifndef GR_DETECTOR_ENGINE_SHARED_H
#define GR_DETECTOR_ENGINE_SHARED_H

#include "detector/engine/history.h"

enum { GR__SHARED_MAX = 8 };
typedef struct gr__record { uint64_t cell; uint32_t place; uint32_t id; } gr__record; /* id: history.c's */

static inline uint64_t gr__shared_cell(uint32_t list) {
    return (uint64_t)list << GR__CELL_EPOCH | GR__CELL_MANY | GR__CELL_SHARED;
}
static inline uint32_t gr__shared_list(uint64_t cell) { return (uint32_t)(cell >> GR__CELL_EPOCH); }

bool gr__shared_open(void);
void gr__shared_reset(void);

/* What the actor that took a step of this thread did in the list that came of it, in the form of a cell.
 * Owner: the thread, whose own stack they must not be taken from: only this pointer is. */
typedef struct gr__shared_answer { uint64_t cell, own; } gr__shared_answer;
#define GR__SHARED_ANSWERS 64u
extern __thread gr__shared_answer *gr__shared_answers;
extern gr__shared_answer gr__shared_nothing[GR__SHARED_ANSWERS]; /* constant */
static inline unsigned gr__shared_index(uint64_t cell) {
    return (unsigned)(gr__shared_list(cell) * 0x9e3779b1u >> 26);
}
/* Does this cell of a shared list have it already that self did what `test` asks for (access.h)? A handler that
 * comes between may write another entry: the key is looked at on both sides. */
static inline bool gr__shared_knows(const gr__actor *self, uint64_t cell, uint64_t test) {
    const volatile gr__shared_answer *a = &gr__shared_answers[gr__shared_index(cell)];
    return a->cell == cell && !((a->own ^ self->stamp) & test) && a->cell == cell;
}

/* A step that is known, for a plain access (as gr__alone.cell says it) from this pc in this context: true when its
 * outcome was put in place. The cell is not locked. The place may be NULL when the cell is shared; then only what
 * needs none is done. */
bool gr__shared_apply(const gr__actor *self, uint64_t *cell, uint32_t *place, uint64_t access, gr__loc context,
                      uintptr_t pc);
static inline bool gr__shared_apply_loc(const gr__actor *self, uint64_t *cell, uint32_t *place, const gr__alone *a) {
    const gr__loc_node *node = &gr__loc_nodes[a->loc];
    return gr__shared_apply(self, cell, place, a->cell, node->parent, node->key);
}
/* A step was taken, without a conflict: from a single record (with its place) or a shared list to these records; of one
 * alone *cell and *place are the outcome. Remember it. True when that was done already: then they are in any case,
 * and the list the granule had is let go. */
bool gr__shared_learn(const gr__actor *self, uint64_t before, uint32_t from, const gr__alone *access,
                      gr__record *records, unsigned count, uint64_t *cell, uint32_t *place);
/* For a granule, the shared list of these records, if there is one; 0 else. They change their order. */
uint32_t gr__shared_find(gr__record *records, unsigned count);
/* The records of a list; how many. */
unsigned gr__shared_read(uint32_t list, gr__record *records);
/* Granules fewer that have it. */
void gr__shared_drop(uint32_t list, uint32_t granules);
/* What this thread counted for itself is to be seen by all; its steps are forgotten. */
void gr__shared_settle(void);

#endif
