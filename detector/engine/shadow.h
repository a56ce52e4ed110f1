/* shadow.h - where shadow cells lie and what is in them. For the engine and access.h.
 *
 * The cell of address a is at (a ^ 2^46) + a bit. One stretch [2^40, 2^40 + 2^46) holds them all:
 *
 *     program             cells
 *     0 .. 2^40           0x4000'0000'0000 ..   executables that are not PIE, their heap
 *     0x4100.. - 0x8000.. 0x0100.. - 0x4000..   goroutine stacks, PIE and brk (0x5555..-0x6555..),
 *                                               mmap and stack (0x6fff..-0x7fff..)
 *
 * A cell: bits 63..43 slot and 42..22 clock of an epoch, then the bytes of the granule that its actor
 * accessed in it plainly, 20..13, and of these the ones it wrote, 12..5. Bit 21 is 0. Of the flags below,
 * LOCK guards the cell and what belongs to it. While what one actor did in one epoch is all that need be
 * remembered, the cell is that record (record.h), and its place stands in the table of places. With MANY
 * the table holds the first record of a list instead, and the cell only tells the fast path what the last
 * actor there did in its epoch. With SHARED too the list stands where the epoch does, and the masks are empty.
 */
#ifndef GR_DETECTOR_ENGINE_SHADOW_H
#define GR_DETECTOR_ENGINE_SHADOW_H

#include <stdbool.h>
#include <stdint.h>

#define GR__SHADOW_FLIP (1ull << 46)
/* Cells lie off by some cache lines: at the same place in its page as the memory, a cell's load would wait
 * for the program's last store there (4 KiB aliasing). */
#define GR__SHADOW_SKEW 1088
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

enum { GR__CELL_LOCK = 1, GR__CELL_MANY = 2, GR__CELL_PARTS = 4 /* see record.h */,
       GR__CELL_SHARED = 8, GR__CELL_CROWD = 16 /* see history.h */ };
#define GR__CELL_WRITTEN 5
#define GR__CELL_ACCESSED 13
#define GR__CELL_NEVER (1ull << 21)
#define GR__CELL_EPOCH 22
#define GR__CLOCK_BITS 21
#define GR__CLOCK_MAX ((1u << GR__CLOCK_BITS) - 1)
#define GR__SLOTS (1u << 21)
#define GR__CELL_ALL (0xffffull << GR__CELL_WRITTEN)

/* The epoch where it stands in a cell. */
static inline uint64_t gr__cell_epoch(uint32_t slot, uint32_t clock) {
    return ((uint64_t)slot << GR__CLOCK_BITS | clock) << GR__CELL_EPOCH;
}
/* An actor's stamp: all that it could have done in its epoch, so that cell ^ stamp has ones where the cell
 * lacks something; bit 21 differs always. */
static inline uint64_t gr__cell_stamp(uint32_t slot, uint32_t clock) {
    return gr__cell_epoch(slot, clock) | GR__CELL_ALL | GR__CELL_NEVER;
}
static inline uint64_t gr__cell_bytes(unsigned bytes, bool write) {
    return (uint64_t)bytes << GR__CELL_ACCESSED | (write ? (uint64_t)bytes << GR__CELL_WRITTEN : 0);
}
static inline bool gr__cell_same_epoch(uint64_t a, uint64_t b) { return !((a ^ b) >> GR__CELL_EPOCH); }
static inline uint32_t gr__cell_slot(uint64_t cell) {
    return (uint32_t)(cell >> (GR__CELL_EPOCH + GR__CLOCK_BITS));
}
static inline uint32_t gr__cell_clock(uint64_t cell) {
    return (uint32_t)(cell >> GR__CELL_EPOCH) & GR__CLOCK_MAX;
}
static inline unsigned gr__cell_accessed(uint64_t cell) { return (unsigned)(cell >> GR__CELL_ACCESSED) & 255u; }
static inline unsigned gr__cell_written(uint64_t cell) { return (unsigned)(cell >> GR__CELL_WRITTEN) & 255u; }

static inline uint64_t *gr__cell_of(uintptr_t address) {
    return (uint64_t *)(((address ^ GR__SHADOW_FLIP) & ~(uintptr_t)(GR__GRANULE - 1)) + GR__SHADOW_SKEW);
}
/* The granule of the cell at this address. */
static inline uintptr_t gr__granule_of(uintptr_t cell) { return (cell - GR__SHADOW_SKEW) ^ GR__SHADOW_FLIP; }
static inline bool gr__shadow_covers(uintptr_t address) {
    return (address ^ GR__SHADOW_FLIP) - GR__SHADOW_LOW < GR__SHADOW_SIZE;
}

#endif
