/* stack.c - forgetting what was done on goroutines' stacks, quickly.
 *
 * Most goroutines touch a page or two of a stack of many megabytes, and end soon. So where their stacks
 * lie, the deepest and the highest touched byte of each MiB are noted, and only what lies between need be
 * wiped. A mark is atomic: anybody may reach into a stack; it is cleared by the end of its goroutine.
 */
#include "detector/engine/internal.h"

#include "detector/engine/pages.h"
#include "detector/locks/locks.h"

#define MIB ((uintptr_t)1 << 20)
#define MARKS ((GR__STACKS_HIGH - GR__STACKS_LOW) / MIB)

uint64_t *gr__stack_marks;

bool gr__stack_open(void) {
    gr__stack_marks = gr__pages_reserve(0, MARKS * sizeof *gr__stack_marks);
    return gr__stack_marks;
}

void gr__stack_reset(void) { gr__pages_forget(gr__stack_marks, MARKS * sizeof *gr__stack_marks); }

void gr__stack_mark_slow(uint64_t *mark, uint32_t depth, uint32_t height) {
    uint64_t old = __atomic_load_n(mark, __ATOMIC_RELAXED), now;
    do {
        uint32_t deepest = (uint32_t)old > depth ? (uint32_t)old : depth;
        uint32_t highest = (uint32_t)(old >> 32) > height ? (uint32_t)(old >> 32) : height;
        now = (uint64_t)highest << 32 | deepest;
    } while (!__atomic_compare_exchange_n(mark, &old, now, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
}

static void wipe(uintptr_t low, uintptr_t high) {
    if (high <= low) return;
    gr__access_wipe(low, high - low);
    gr__object_drop(low, high - low, 1u << GR__OBJECT_SYNC);
}

static void wipe_used(uintptr_t low, uintptr_t high) {
    for (uintptr_t block = low & ~(MIB - 1); block < high; block += MIB) {
        uint64_t *mark = &gr__stack_marks[(block - GR__STACKS_LOW) / MIB];
        uint64_t now = __atomic_load_n(mark, __ATOMIC_RELAXED);
        if (!now) continue;
        uintptr_t from = block + MIB - (uint32_t)now, to = block + (uintptr_t)(now >> 32);
        /* Else a neighbour's stack has part of the block; a guard page below it does not count. */
        bool whole = low <= block + GR__PAGE && block + MIB <= high;
        wipe(from > low ? from : low, to < high ? to : high);
        if (whole) __atomic_store_n(mark, 0, __ATOMIC_RELAXED);
    }
}

void gr__memory_reset_stack(uintptr_t low, uintptr_t high) {
    gr__engine_go_in();
    gr__log(NULL, GR__EVENT_SIZE, 0, high - low, 0, 0);
    gr__log_ordered(NULL, GR__EVENT_RESET, 0, low, 0);
    if (low < GR__STACKS_LOW || high > GR__STACKS_HIGH) wipe(low, high);
    else wipe_used(low, high);
    gr__engine_come_out();
    gr__lock_forget(low, high - low);
}
