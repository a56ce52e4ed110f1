/* clock.h - vector clocks. Engine only.
 *
 * A clock is a trie (trie.h) and over it some components that changed lately; of a few actors they are all.
 * It is known by an id; 0 is the empty one. Clocks are counted references, and a copy is one more: whoever
 * holds one alone may change it in place.
 *
 * What an actor knows is a clock and one component apart: two that speak with each other only learn nothing
 * but that one again and again, and change no clock.
 *
 * Threads: different clocks at will; one clock under its owner's exclusion.
 */
#ifndef GR_DETECTOR_ENGINE_CLOCK_H
#define GR_DETECTOR_ENGINE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "detector/engine/engine.h"
#include "detector/engine/trie.h"

bool gr__clock_open(void);
void gr__clock_reset(void);
uint64_t gr__clock_nodes(void);

uint32_t gr__clock_get(uint32_t clock, uint32_t slot);
uint32_t gr__clock_keep(uint32_t clock);
void gr__clock_drop(uint32_t clock);
/* Give away the reference to clock, get one to the result. */
uint32_t gr__clock_raise(uint32_t clock, uint32_t slot, uint32_t value);
uint32_t gr__clock_join(uint32_t clock, uint32_t other);

static inline uint32_t gr__knowledge_get(const gr__knowledge *k, uint32_t slot) {
    return k->recent.slot == slot ? k->recent.clock : gr__clock_get(k->clock, slot);
}
/* k learns e; slot 0 is nobody's. */
void gr__knowledge_raise(gr__knowledge *k, gr__epoch e);
/* k learns all that is in other but for what it says of slot `self`, k's own. */
void gr__knowledge_join(gr__knowledge *k, const gr__knowledge *other, uint32_t self);
/* k becomes a copy of other, which k is part of, less what it says of slot `self`. */
void gr__knowledge_copy(gr__knowledge *k, const gr__knowledge *other, uint32_t self);
/* All of it in a clock; a new reference. */
uint32_t gr__knowledge_clock(const gr__knowledge *k);
static inline void gr__knowledge_drop(gr__knowledge *k) {
    gr__clock_drop(k->clock);
    *k = (gr__knowledge){0};
}

#endif
