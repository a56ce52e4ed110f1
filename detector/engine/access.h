/* access.h - the access check's fast path, for doors that see every load and store.
 *
 * An access that the same actor made before in this epoch, to the same bytes and no weaker, with
 * nobody else's in between, adds nothing: one load, one xor, one test. Anything else goes to
 * gr__access. The caller is the thread of the actor.
 */
#ifndef GR_DETECTOR_ENGINE_ACCESS_H
#define GR_DETECTOR_ENGINE_ACCESS_H

#include "detector/engine/engine.h"
#include "detector/engine/shadow.h"

/* Everything above the masks, and `bytes` of the mask that flags ask for, must agree. */
static inline bool gr__cell_knows(uint64_t difference, unsigned bytes, unsigned flags) {
    unsigned shift = flags & GR__ACCESS_WRITE ? GR__CELL_WRITTEN : GR__CELL_ACCESSED;
    if (bytes == 255u) return !(difference >> shift);
    return !(difference >> 21 | (difference >> shift & bytes));
}

/* size: a constant 1, 2, 4, 8 or 16; flags: a constant, not ATOMIC. */
static inline __attribute__((always_inline)) void
gr__access_fast(gr__actor *self, uintptr_t address, size_t size, unsigned flags, uintptr_t pc) {
    if (!(address & ((size < 8 ? size : 8) - 1))) {
        const uint64_t *cell = (const uint64_t *)((address ^ GR__SHADOW_FLIP) & ~(uintptr_t)7);
        if (size >= 8) cell = (const uint64_t *)(address ^ GR__SHADOW_FLIP);
        unsigned bytes = size >= 8 ? 255u : ((1u << size) - 1) << (address & 7);
        uint64_t difference = __atomic_load_n(cell, __ATOMIC_RELAXED) ^ self->stamp;
        if (__builtin_expect(gr__cell_knows(difference, bytes, flags), 1)) {
            if (size <= 8) return;
            difference = __atomic_load_n(cell + 1, __ATOMIC_RELAXED) ^ self->stamp;
            if (gr__cell_knows(difference, bytes, flags)) return;
        }
    }
    gr__access(self, address, size, flags, pc);
}

#endif
