/* calls.c - see calls.h. The list grows and shrinks under its lock; what stands in it belongs to the threads. */
#include "detector/doors/calls.h"

#include "runtime/inspect/goroutine.h"
#include "runtime/os/os.h"

enum { PATIENCE = 1000 };

static uint32_t lock;
static gr__call *all;           /* lock */
static __thread gr__call *here;

static gr__call *enter(void) {
    gr__call *c = gr__alloc(sizeof *c);
    if (!c) return NULL;
    gr__door_lock(&lock);
    c->next = all;
    c->at = &all;
    if (all) all->at = &c->next;
    all = c;
    gr__door_unlock(&lock);
    return here = c;
}

void gr__call_begin(unsigned reason, uintptr_t object, uintptr_t pc) {
    if (!gr__seen() || gr__forked) return;
    gr__call *c = here ? here : enter();
    if (!c) return;
    c->actor = gr__me;
    c->g = gr__g_self();
    c->object = object;
    c->pc = pc;
    c->context = gr__me->context;
    c->since_ns = gr__os_now_coarse();
    GR__STORE_RELEASE(&c->reason, reason);
}

void gr__call_end(void) {
    if (here) GR__STORE_RELEASE(&here->reason, GR__WAIT_NONE);
}

void gr__calls_forget(void) {
    gr__call *c = here;
    if (!c) return;
    here = NULL;
    gr__door_lock(&lock);
    *c->at = c->next;
    if (c->next) c->next->at = c->at;
    gr__door_unlock(&lock);
    gr__free(c, sizeof *c);
}

/* Who holds the lock may have been halted. */
const gr__call *gr__call_of(const struct gr__g *g, uint64_t number) {
    const gr__call *found = NULL;
    for (int i = 0; GR__LOAD(&lock); i++) {
        if (i == PATIENCE) return NULL;
        gr__os_yield();
    }
    for (const gr__call *c = all; c; c = c->next) {
        if (GR__LOAD_ACQUIRE(&c->reason) == GR__WAIT_NONE || c->g != g) continue;
        if (g) return c;
        if (c->actor->number >= number && (!found || c->actor->number < found->actor->number)) found = c;
    }
    return found;
}
