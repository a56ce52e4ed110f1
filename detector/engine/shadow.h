/* shadow.h - where shadow cells lie and what is in them. For the engine and access.h.
 *
 * The cell of address a is at a ^ 2^46. One stretch [2^40, 2^40 + 2^46) holds them all:
 *
 *     program             cells
 *     0 .. 2^40           0x4000'0000'0000 ..   executables that are not PIE, their heap
 *     0x4100.. - 0x8000.. 0x0100.. - 0x4000..   goroutine stacks, PIE and brk (0x5555..-0x6555..),
 *                                               mmap and stack (0x6fff..-0x7fff..)
 *
 * A cell: bits 63..43 slot and 42..22 clock of the last accessor, then, of its accesses in that
 * epoch: 21 atomic, 20..13 bytes accessed, 12..5 bytes written; 4..0 flags. While only one access
 * need be remembered it is the cell, and its place stands in the table of places. With MANY set
 * the table holds the first record of a list instead, and the cell is only the filter of the fast
 * path. Bit 0 locks both.
 */
#ifndef GR_DETECTOR_ENGINE_SHADOW_H
#define GR_DETECTOR_ENGINE_SHADOW_H

#include <stdbool.h>
#include <stdint.h>

#define GR__SHADOW_FLIP (1ull << 46)
#ifdef __SANITIZE_ADDRESS__ /* has its own shadow below: such a build does without most goroutine stacks */
#define GR__SHADOW_LOW (17ull << 40)
#else
#define GR__SHADOW_LOW (1ull << 40)
#endif
#define GR__SHADOW_SIZE ((65ull << 40) - GR__SHADOW_LOW)

/* Stacks of goroutines. */
#define GR__STACKS_LOW 0x410000000000ull
#define GR__STACKS_HIGH 0x550000000000ull

#define GR__GRANULE 8u

enum { GR__CELL_LOCK = 1, GR__CELL_MANY = 2, GR__CELL_FREE = 4, GR__CELL_CHANNEL = 8,
       GR__CELL_VPTR = 16 };
#define GR__CELL_WRITTEN 5
#define GR__CELL_ACCESSED 13
#define GR__CELL_ATOMIC (1ull << 21)
#define GR__CELL_EPOCH 22
#define GR__CLOCK_BITS 21
#define GR__CLOCK_MAX ((1u << GR__CLOCK_BITS) - 1)
#define GR__SLOTS (1u << 21)
#define GR__CELL_ALL (0xffffull << GR__CELL_WRITTEN)

/* The epoch where it stands in a cell. */
static inline uint64_t gr__cell_epoch(uint32_t slot, uint32_t clock) {
    return ((uint64_t)slot << GR__CLOCK_BITS | clock) << GR__CELL_EPOCH;
}
/* With all masks set: what an actor's stamp is, so that cell ^ stamp has ones where it differs. */
static inline uint64_t gr__cell_stamp(uint32_t slot, uint32_t clock) {
    return gr__cell_epoch(slot, clock) | GR__CELL_ALL;
}
static inline uint32_t gr__cell_slot(uint64_t cell) {
    return (uint32_t)(cell >> (GR__CELL_EPOCH + GR__CLOCK_BITS));
}
static inline uint32_t gr__cell_clock(uint64_t cell) {
    return (uint32_t)(cell >> GR__CELL_EPOCH) & GR__CLOCK_MAX;
}
static inline unsigned gr__cell_accessed(uint64_t cell) { return (unsigned)(cell >> GR__CELL_ACCESSED) & 255u; }
static inline unsigned gr__cell_written(uint64_t cell) { return (unsigned)(cell >> GR__CELL_WRITTEN) & 255u; }

static inline uint64_t *gr__cell_of(uintptr_t address) {
    return (uint64_t *)((address ^ GR__SHADOW_FLIP) & ~(uintptr_t)(GR__GRANULE - 1));
}
static inline bool gr__shadow_covers(uintptr_t address) {
    return (address ^ GR__SHADOW_FLIP) - GR__SHADOW_LOW < GR__SHADOW_SIZE;
}

#endif
