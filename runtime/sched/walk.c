/* walk.c - the stacks of goroutines, by their frame pointers. */
#include "runtime/sched/internal.h"

#include "runtime/arch/arch.h"

/* Frames outside the stack, or not further up than the one before, end the walk: the program may
 * have been compiled without frame pointers. What lies below the place in the user's code that the
 * goroutine waits at is ours, and is left out. */
size_t gr__g_stack(struct gr__g *g, uint64_t *pcs, size_t max) {
    uintptr_t frame, pc, low = g->head.stack_low, high = g->head.stack_high;
    size_t n = 0;
    bool running = GR__LOAD(&g->head.state) == GR__STATE_RUNNING || g->head.foreign;
    if (running) {
        if (g != gr__g_self()) return 0;
        frame = (uintptr_t)__builtin_frame_address(0);
        pc = 0;
    } else {
        const uintptr_t *saved = g->sp;
        if ((uintptr_t)saved < low || (uintptr_t)saved > high - 8 * GR__SAVED_WORDS) return 0;
        frame = saved[GR__SAVED_FRAME];
        pc = saved[GR__SAVED_PC];
        low = (uintptr_t)saved;
    }
    uintptr_t want = g->head.wait_pc;
    bool waiting = !running && g->head.wait != GR__WAIT_NONE && want;
    bool inside = !waiting;
    if (pc && inside && n < max && pc != (uintptr_t)gr__stack_entry) pcs[n++] = pc;
    while (frame >= low && frame + 16 <= high && frame % 8 == 0) {
        const uintptr_t *f = (const uintptr_t *)frame;
        pc = f[1];
        if (pc == want) inside = true;
        if (pc && inside && n < max) pcs[n++] = pc;
        if (f[0] <= frame) break;
        frame = f[0];
    }
    if (!inside && max) pcs[n++] = want;
    return n;
}
