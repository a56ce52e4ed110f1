/* walk.c - where the stacks of goroutines stand, and the places in them as far as frame pointers lead.
 *
 * The program may have been compiled without frame pointers: then the walk ends early, or leaves
 * frames out. So a dump sends registers and memory too, and the reporter unwinds by the tables of
 * the ELF objects; what is found here is for who has no reporter, and for stacks that are too large
 * to be sent. */
#include "runtime/sched/internal.h"

#include "runtime/os/os.h"

#include <errno.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

bool gr__g_stands_on(const gr__g *g, const gr__registers *r) {
    uintptr_t sp = r->value[GR__REGISTER_SP];
    return sp < g->head.stack_high && sp + GR__OVERFLOW_REACH >= g->head.stack_low;
}

bool gr__g_registers(gr__g *g, gr__registers *out) {
    const gr__halted *halted = gr__halted_of(g);
    if (halted && gr__g_stands_on(g, &halted->registers)) {
        gr__copy(out, &halted->registers, sizeof *out);
        return true;
    }
    /* One that is halted elsewhere is about to be switched to, or just was left. */
    if (g->head.foreign || (!halted && GR__LOAD(&g->head.state) == GR__STATE_RUNNING)) return false;
    const uintptr_t *sp = GR__LOAD(&g->sp);
    uintptr_t saved[GR__SAVED_WORDS];
    if (!sp || gr__read(saved, (uintptr_t)sp, sizeof saved) != sizeof saved) return false;
    gr__registers_saved(out, saved);
    gr__register_set(out, GR__REGISTER_SP, (uintptr_t)(sp + GR__SAVED_WORDS));
    return (uintptr_t)sp >= g->head.stack_low && gr__g_stands_on(g, out);
}

size_t gr__read(void *to, uintptr_t from, size_t n) {
    struct iovec local = {to, n}, remote = {(void *)from, n};
    int saved = gr__os_errno();
    long got = syscall(SYS_process_vm_readv, syscall(SYS_getpid), &local, 1, &remote, 1, 0);
    if (got < 0 && (errno == ENOSYS || errno == EPERM)) {   /* forbidden here: then trust it to be there */
        gr__copy(to, (const void *)from, n);
        got = (long)n;
    }
    gr__os_errno_set(saved);
    return got > 0 ? (size_t)got : 0;
}

/* The first half of pcs stays, the second holds the last ones in a ring until the end. */
static void add(gr__walk *w, uint64_t pc) {
    enum { HALF = GR__WALK_MAX / 2 };
    size_t at = w->walked < HALF ? w->walked : HALF + (w->walked - HALF) % HALF;
    w->pcs[at] = pc;
    w->walked++;
}

static void straighten(gr__walk *w) {
    enum { HALF = GR__WALK_MAX / 2 };
    w->count = w->walked < GR__WALK_MAX ? w->walked : GR__WALK_MAX;
    if (w->walked <= GR__WALK_MAX) return;
    uint64_t ring[HALF];
    for (size_t i = 0; i < HALF; i++) ring[i] = w->pcs[HALF + i];
    for (size_t i = 0; i < HALF; i++) w->pcs[HALF + i] = ring[(w->walked - HALF + i) % HALF];
}

/* Frames outside the memory, or not further up than the one before, end the walk. What lies further
 * in than `inside` is ours, and is left out. */
void gr__walk_frames(gr__walk *w, const gr__registers *r, uintptr_t inside, uintptr_t low,
                     const char *bytes, size_t length) {
    uintptr_t frame = r->value[GR__REGISTER_FRAME];
    bool in = !inside;
    w->walked = 0;
    if (in) add(w, r->pc);
    while (frame >= low && frame - low + 16 <= length && frame % 8 == 0) {
        const uintptr_t *f = (const uintptr_t *)(const void *)(bytes + (frame - low));
        in |= f[1] == inside;
        if (in && f[1]) add(w, f[1]);
        if (f[0] <= frame) break;
        frame = f[0];
    }
    if (!in) add(w, inside);
    straighten(w);
}
