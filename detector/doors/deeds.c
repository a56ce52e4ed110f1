/* deeds.c - who did what to an object of the runtime last, where the object itself has no room for it. A cache:
 * an object may drive out another that has the same line. Each line has a lock. */
#include "detector/doors/misuse.h"
#include "runtime/hook/hook.h"
#include "runtime/inspect/goroutine.h"
#include "runtime/vocab/past.h"

enum { LINES = 4096 };

typedef struct line {
    uint32_t lock;
    uintptr_t object;
    unsigned kind;
    gr__deed deed;
} line;

static line lines[LINES];

static line *line_of(const void *object, unsigned kind) {
    return &lines[((uintptr_t)object * 0x9e3779b97f4a7c15ull >> 40 ^ kind) % LINES];
}

void gr__deed_remember(const void *object, unsigned kind, uintptr_t pc) {
    struct gr__g *g = gr__g_self();
    gr__deed deed = {.pc = pc, .goid = g ? gr__g_head_of(g)->goid : 0, .place = gr__here(pc - 1)};
    line *l = line_of(object, kind);
    gr__door_lock(&l->lock);
    l->object = (uintptr_t)object;
    l->kind = kind;
    l->deed = deed;
    gr__door_unlock(&l->lock);
}

bool gr__hook_deed_of(const void *object, unsigned kind, gr__deed *out) {
    line *l = line_of(object, kind);
    gr__door_lock(&l->lock);
    bool found = l->object == (uintptr_t)object && l->kind == kind && l->deed.pc;
    if (found) *out = l->deed;
    gr__door_unlock(&l->lock);
    return found;
}

void gr__hook_signal_lost(const void *condition, uintptr_t pc) {
    gr__deed_remember(condition, GR__PAST_SIGNALLED, pc);
}
