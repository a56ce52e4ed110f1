/* sample_stack.c - see sample.h: the calling context from frame pointers. Any thread.
 *
 * `gorace cc` compiles with frame pointers, libc is not: frames are followed within the executable, and where
 * they leave it stands what an interceptor has left in the actor's context, if one did. */
#include "detector/doors/sample.h"
#include "detector/doors/runtime_door.h"
#include "detector/engine/loc.h"

enum { DEEP = 64 }; /* frames that are followed; a recursion may have more */

/* Owner: the thread. The last stack that was asked for, outermost first, and the stack that it lies on. */
static __thread struct {
    bool busy; /* a signal handler comes between */
    uintptr_t low, high;
    gr__loc root;
    unsigned count;
    uintptr_t pcs[DEEP];
    gr__loc locs[DEEP];
} last;

static bool within(const uintptr_t *frame) {
    return (uintptr_t)frame - last.low < last.high - last.low - 16 && !((uintptr_t)frame & 7);
}

static bool know_stack(const uintptr_t *frame) {
    if (last.high && within(frame)) return true;
    if (!gr__goroutine_stack_here((uintptr_t)frame, &last.low, &last.high) &&
        !gr__stack_bounds((uintptr_t)frame, &last.low, &last.high))
        last.low = last.high = 0;
    return last.high && within(frame);
}

static bool in_text(uintptr_t pc) { return pc - gr__sample_text_low < gr__sample_text_high - gr__sample_text_low; }

/* The node of these return addresses, innermost first, below root. */
static gr__loc node_of(gr__loc root, const uintptr_t *pcs, unsigned n) {
    bool same = root == last.root;
    gr__loc loc = last.root = root;
    unsigned known = same ? last.count : 0;
    for (unsigned i = 0; i < n; i++) {
        uintptr_t pc = pcs[n - 1 - i];
        same = same && i < known && last.pcs[i] == pc;
        if (!same) {
            last.pcs[i] = pc;
            last.locs[i] = gr__loc_get(loc, pc);
        }
        loc = last.locs[i];
    }
    last.count = n;
    return loc;
}

static gr__loc walk(gr__loc base, const uintptr_t *frame) {
    uintptr_t pcs[DEEP], until = base ? (uintptr_t)gr__loc_nodes[base].key : 0;
    unsigned n = 0;
    while (n < DEEP && within(frame)) {
        const uintptr_t *next = (const uintptr_t *)frame[0];
        uintptr_t pc = frame[1];
        if (!pc || pc == until) break;
        pcs[n++] = pc;
        if (!in_text(pc) || next <= frame) break;
        frame = next;
    }
    return node_of(base, pcs, n);
}

gr__loc gr__sample_context(const gr__actor *self, const uintptr_t *frame) {
    if (last.busy) return self->context;
    last.busy = true;
    gr__loc loc = know_stack(frame) ? walk(self->context, (const uintptr_t *)frame[0]) : self->context;
    last.busy = false;
    return loc;
}

/* From here out to the frame that pc is in. */
static const uintptr_t *frame_of(const uintptr_t *frame, uintptr_t return_address) {
    for (unsigned i = 0; i < DEEP && within(frame); i++) {
        if (frame[1] == return_address) return frame;
        const uintptr_t *next = (const uintptr_t *)frame[0];
        if (next <= frame) break;
        frame = next;
    }
    return NULL;
}

__attribute__((noinline)) gr__loc gr__sample_here(uintptr_t pc) {
    const uintptr_t *frame = __builtin_frame_address(0);
    gr__loc context = gr__me->context;
    if (last.busy) return gr__loc_child(context, pc);
    last.busy = true;
    if (know_stack(frame) && (frame = frame_of(frame, pc + 1)) != NULL)
        context = walk(context, (const uintptr_t *)frame[0]);
    last.busy = false;
    return gr__loc_child(context, pc);
}

void gr__sample_range(uintptr_t address, size_t size, unsigned flags, uintptr_t pc) {
    const uintptr_t *frame = __builtin_frame_address(0);
    gr__actor *self = gr__me;
    gr__loc base = self->context;
    if (GR__LOAD_RELAXED(&gr__sampling) == GR__SAMPLING_LOOKS && !last.busy) {
        last.busy = true;
        if (know_stack(frame) && (frame = frame_of(frame, pc + 1)) != NULL)
            self->context = walk(base, (const uintptr_t *)frame[0]);
        last.busy = false;
        gr__access_range(self, address, size, flags, pc);
        self->context = base;
    }
}
