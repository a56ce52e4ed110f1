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

bool gr__shared_open(void);
void gr__shared_reset(void);
/* A step that is known: true when its outcome was put in place. The cell is not locked. */
bool gr__shared_apply(const gr__actor *self, uint64_t *cell, uint32_t *place, const gr__alone *access);
/* A step was taken, without a conflict: from a single record or a shared list to these records; of one alone *cell and
 * *place are the outcome. Remember it. True when that was done already: then they are in any case, and
 * the list the granule had is let go. */
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
