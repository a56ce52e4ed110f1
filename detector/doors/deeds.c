/* deeds.c - who did what to an object of the runtime last, where the object itself has no room for it. A cache:
 * an object may drive out another that has the same line. Each line has a lock, but for those of unlocks, whose
 * fields are atomic: they may be of two. And which places were told of. */
#include "detector/doors/misuse.h"
#include "detector/locks/locks.h"
#include "runtime/hook/hook.h"
#include "runtime/inspect/goroutine.h"
#include "runtime/vocab/past.h"

enum { LINES = 4096, PLACES = 1024 };

typedef struct line {
    uint32_t lock;
    uintptr_t not_object; /* its complement, which would be a pointer to it */
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
    l->not_object = ~(uintptr_t)object;
    l->kind = kind;
    l->deed = deed;
    gr__door_unlock(&l->lock);
}

static uintptr_t told[PLACES]; /* atomic; when it is full every place has been told of */

bool gr__misuse_first(uintptr_t pc) {
    for (unsigned i = 0; i < PLACES; i++) {
        uintptr_t none = 0;
        if (GR__CAS(&told[i], &none, pc)) return true;
        if (none == pc) return false;
    }
    return false;
}

gr__unlocked gr__unlocks[GR__UNLOCKS];

/* What another lock in the same memory left is none of this one's. */
static bool unlocked(const void *lock, gr__deed *out) {
    const gr__unlocked *u = gr__unlocked_of(lock);
    if (GR__LOAD_RELAXED(&u->not_lock) != ~(uintptr_t)lock || !gr__lock_known((uintptr_t)lock)) return false;
    uintptr_t pc = GR__LOAD_RELAXED(&u->pc);
    *out = (gr__deed){pc, GR__LOAD_RELAXED(&u->goid), gr__loc_child(GR__LOAD_RELAXED(&u->context), pc - 1)};
    return true;
}

bool gr__hook_deed_of(const void *object, unsigned kind, gr__deed *out) {
    if (kind == GR__PAST_UNLOCKED) return unlocked(object, out);
    line *l = line_of(object, kind);
    gr__door_lock(&l->lock);
    bool found = l->not_object == ~(uintptr_t)object && l->kind == kind && l->deed.pc;
    if (found) *out = l->deed;
    gr__door_unlock(&l->lock);
    return found;
}

void gr__hook_signal_lost(const void *condition, uintptr_t pc) {
    gr__deed_remember(condition, GR__PAST_SIGNALLED, pc);
}
