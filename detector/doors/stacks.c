/* stacks.c - whose stack an address is in. Threads claim theirs here; goroutines' are known to the
 * runtime. One lock guards the list of claims. */
#include "detector/doors/doors.h"
#include "detector/doors/log.h"
#include "detector/doors/runtime_door.h"
#include "detector/doors/tell.h"

typedef struct claim {
    struct claim *next;
    uintptr_t low, high;
    uint64_t actor;
    bool tls;
} claim;

static uint32_t lock;
static claim *claims;

void gr__stack_claim(uintptr_t low, uintptr_t high, uint64_t actor, bool tls) {
    gr__log_stack(gr__me, low, high, tls);
    claim *c = gr__alloc(sizeof *c);
    if (!c) return;
    *c = (claim){NULL, low, high, actor, tls};
    gr__door_lock(&lock);
    c->next = claims;
    claims = c;
    gr__door_unlock(&lock);
}

void gr__stack_drop(uintptr_t low, uintptr_t high) {
    gr__memory_reset(low, high - low);
    claim *gone = NULL;
    gr__door_lock(&lock);
    for (claim **at = &claims; *at;) {
        claim *c = *at;
        if (c->low < low || c->high > high) {
            at = &c->next;
            continue;
        }
        *at = c->next;
        c->next = gone;
        gone = c;
    }
    gr__door_unlock(&lock);
    while (gone) {
        claim *next = gone->next;
        gr__free(gone, sizeof *gone);
        gone = next;
    }
}

bool gr__stack_owner(uintptr_t address, uint64_t *actor, uintptr_t *low, size_t *size, bool *tls) {
    bool found = false;
    gr__door_lock(&lock);
    for (claim *c = claims; c && !found; c = c->next) {
        if (address < c->low || address >= c->high) continue;
        found = true;
        *actor = c->actor;
        *low = c->low;
        *size = c->high - c->low;
        *tls = c->tls;
    }
    gr__door_unlock(&lock);
    *tls = found && *tls;
    return found || gr__goroutine_stack_owner(address, actor, low, size);
}
