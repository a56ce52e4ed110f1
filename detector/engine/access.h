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

/* What must agree between a cell and a stamp for an access to be known: by kind, size and offset in the
 * granule; the epoch, and the bytes. Where an access reaches into the next granule the test fails always. */
#define GR__TEST_(shift, size, offset)                                                            \
    ((offset) + (size) > 8 ? GR__CELL_NEVER                                                       \
                           : ~0ull << GR__CELL_EPOCH | ((1ull << (size)) - 1) << (offset) << (shift))
#define GR__TESTS_(shift, size)                                                                   \
    {GR__TEST_(shift, size, 0), GR__TEST_(shift, size, 1), GR__TEST_(shift, size, 2),             \
     GR__TEST_(shift, size, 3), GR__TEST_(shift, size, 4), GR__TEST_(shift, size, 5),             \
     GR__TEST_(shift, size, 6), GR__TEST_(shift, size, 7)}
#define GR__TESTS(shift) {GR__TESTS_(shift, 1), GR__TESTS_(shift, 2), GR__TESTS_(shift, 4), GR__TESTS_(shift, 8)}
static const uint64_t gr__access_tests[2][4][8] = {GR__TESTS(GR__CELL_ACCESSED),
                                                   GR__TESTS(GR__CELL_WRITTEN)};

/* Nothing that test asks for is lacking. */
static inline bool gr__cell_knows(uint64_t cell, uint64_t stamp, uint64_t test) {
    return !((cell ^ stamp) & test);
}
/* The test for any set of bytes of a granule. */
static inline uint64_t gr__access_test(unsigned bytes, bool write) {
    return ~0ull << GR__CELL_EPOCH | (uint64_t)bytes << (write ? GR__CELL_WRITTEN : GR__CELL_ACCESSED);
}

/* size: a constant 1, 2, 4, 8 or 16; flags: a constant, not ATOMIC. */
static inline __attribute__((always_inline)) void
gr__access_fast(gr__actor *self, uintptr_t address, size_t size, unsigned flags, uintptr_t pc) {
    const uint64_t *tests = gr__access_tests[flags & GR__ACCESS_WRITE]
                                            [size == 1 ? 0 : size == 2 ? 1 : size == 4 ? 2 : 3];
    const uint64_t *cell = gr__cell_of(address);
    uint64_t test = tests[address & 7];
    if (__builtin_expect(gr__cell_knows(__atomic_load_n(cell, __ATOMIC_RELAXED), self->stamp, test), 1) &&
        (size <= 8 || gr__cell_knows(__atomic_load_n(cell + 1, __ATOMIC_RELAXED), self->stamp, test)))
        return;
    gr__access(self, address, size, flags, pc);
}

#endif
