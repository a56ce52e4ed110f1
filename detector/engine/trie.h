/* trie.h - persistent tries: slot -> clock, 16 ways a level, only as high as the highest slot needs.
 * The bulk of a vector clock (clock.h). Known by the id of its root; 0 is the empty one. Engine only.
 *
 * Nodes are counted references. Whoever holds a root alone may change it in place, and a copy is
 * one more reference; joins stop where both sides share a node. (Path copying: Driscoll,
 * Sarnak, Sleator, Tarjan, JCSS 1989.)
 *
 * Threads: different roots at will; one root under its owner's exclusion.
 */
#ifndef GR_DETECTOR_ENGINE_TRIE_H
#define GR_DETECTOR_ENGINE_TRIE_H

#include <stdbool.h>
#include <stdint.h>

/* Four clocks at once; they are below 2^31, so that signed comparisons do. */
typedef int32_t gr__quad __attribute__((vector_size(16)));
static inline bool gr__quad_any(gr__quad v) {
    typedef long long pair __attribute__((vector_size(16)));
    pair p = (pair)v;
    return (p[0] | p[1]) != 0;
}

bool gr__trie_open(void);
void gr__trie_reset(void);
uint64_t gr__trie_nodes(void);
/* True once there were no more nodes: what they say is wrong from then on. */
bool gr__trie_exhausted(void);
void gr__trie_exhaust(void);

uint32_t gr__trie_get(uint32_t clock, uint32_t slot);
/* One more, one less reference. */
uint32_t gr__trie_keep(uint32_t clock);
void gr__trie_drop(uint32_t clock);
/* Give away the reference to clock, get one to the result. */
uint32_t gr__trie_raise(uint32_t clock, uint32_t slot, uint32_t value);
uint32_t gr__trie_put(uint32_t clock, uint32_t slot, uint32_t value); /* whatever was there */
/* Visit what is not zero while visit returns true. */
void gr__trie_each(uint32_t clock, bool (*visit)(uint32_t slot, uint32_t value, void *argument), void *argument);
uint32_t gr__trie_join(uint32_t clock, uint32_t other);

#endif
