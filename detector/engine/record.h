/* record.h - what one actor did to one granule in one epoch. Engine only.
 *
 * A record is a cell and a place. Nearly always one kind of plain access from one place is all of it: the
 * cell says of which bytes. Otherwise the cell has PARTS set and the place names a set of parts, each the
 * bytes, kind and place of some accesses; the cell's bytes then are those of the plain parts. Sets of parts
 * hold no epoch, so a program has few; they are kept for ever, each once, as chains in the tree of places:
 * a part is the child of the set without it.
 *
 * Threads: a record belongs to who locked its cell; sets of parts never change.
 */
#ifndef GR_DETECTOR_ENGINE_RECORD_H
#define GR_DETECTOR_ENGINE_RECORD_H

#include "detector/engine/engine.h"
#include "detector/engine/loc.h"
#include "detector/engine/shadow.h"

typedef struct gr__part { gr__loc loc; uint8_t bytes, flags; } gr__part;

/* Per byte two kinds can stand beside each other: a plain read and an atomic write. */
enum { GR__PARTS_MAX = 17 };

static inline bool gr__record_empty(uint64_t cell) { return !(cell & (GR__CELL_ALL | GR__CELL_PARTS)); }

static inline gr__part gr__record_part(uint64_t key) {
    return (gr__part){(gr__loc)(key >> 16), (uint8_t)(key >> 8), (uint8_t)key};
}
/* The one part of this set; false when it has more. */
static inline bool gr__record_only(gr__loc set, gr__part *part) {
    *part = gr__record_part(gr__loc_nodes[set].key);
    return !gr__loc_nodes[set].parent;
}
/* Take a record apart; returns the number of parts. */
unsigned gr__record_open(uint64_t cell, gr__loc place, gr__part parts[GR__PARTS_MAX]);
/* And together: the cell keeps its epoch only. Parts without bytes are left out. */
void gr__record_close(const gr__part *parts, unsigned count, uint64_t *cell, gr__loc *place);

#endif
