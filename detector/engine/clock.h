/* clock.h - vector clocks as persistent tries: slot -> clock, 16 ways a level, only as high as the
 * highest slot needs. A clock is the id of its root; 0 is the empty clock. Engine only.
 *
 * Nodes are counted references. Whoever holds a root alone may change it in place, and a copy of a
 * clock is one more reference; joins stop where both sides share a node. (Path copying: Driscoll,
 * Sarnak, Sleator, Tarjan, JCSS 1989.)
 *
 * Threads: different roots at will; one root under its owner's exclusion.
 */
#ifndef GR_DETECTOR_ENGINE_CLOCK_H
#define GR_DETECTOR_ENGINE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

bool gr__clock_open(void);
void gr__clock_reset(void);
uint64_t gr__clock_nodes(void);
/* True once there were no more nodes: clocks lie from then on. */
bool gr__clock_exhausted(void);

uint32_t gr__clock_get(uint32_t clock, uint32_t slot);
/* One more, one less reference. */
uint32_t gr__clock_keep(uint32_t clock);
void gr__clock_drop(uint32_t clock);
/* Give away the reference to clock, get one to the result. */
uint32_t gr__clock_raise(uint32_t clock, uint32_t slot, uint32_t value);
uint32_t gr__clock_join(uint32_t clock, uint32_t other);

#endif
