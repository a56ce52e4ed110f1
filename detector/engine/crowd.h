/* crowd.h - many actors that did the same to the same bytes of a granule. Engine only.
 *
 * A crowd is known by an id: by slot the clock and the place of the last such access. Its record has no epoch,
 * and the bytes and kind where others have their masks: what one such access is told of costs the same
 * however many there are; only who may conflict looks at all. An access that a later one of another
 * actor covers may stay in a crowd and be reported too.
 *
 * Threads: a crowd belongs to who locked its cell.
 */
#ifndef GR_DETECTOR_ENGINE_CROWD_H
#define GR_DETECTOR_ENGINE_CROWD_H

#include "detector/engine/history.h"

bool gr__crowd_open(void);
void gr__crowd_reset(void);
uint32_t gr__crowd_make(void); /* 0: no room */
void gr__crowd_free(uint32_t crowd);
void gr__crowd_add(uint32_t crowd, uint64_t epoch, gr__loc loc);
/* The clock of the last access of this slot; 0 none. */
uint32_t gr__crowd_last(uint32_t crowd, uint32_t slot);
/* Tell of those that are not ordered before self; true: there were some. part: as all of them were, but for
 * the place. */
bool gr__crowd_conflicts(uint32_t crowd, const gr__actor *self, uintptr_t granule, gr__part part,
                         gr__conflicts *found);

#endif
