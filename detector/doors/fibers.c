/* fibers.c - ThreadSanitizer's interface for programs that switch stacks themselves. Any thread; a
 * fiber belongs to the thread that runs it.
 *
 * A fiber is an actor of its own, with its own calling context: the call that switches stands right
 * before the program's own switch, so each finds its context as it left it. What the program gets is the
 * address of a `fiber`, which is the object of the switches' edges too. */
#include "detector/doors/interpose.h"
#include "detector/doors/locks.h"
#include "detector/doors/log.h"

#pragma GCC diagnostic ignored "-Wmissing-prototypes"

enum { WITHOUT_EDGE = 1 }; /* __tsan_switch_to_fiber_no_sync */

typedef struct fiber {
    gr__actor *actor;
    uint64_t object; /* its address carries the edges */
} fiber;

static __thread fiber *current; /* of this thread, unless another actor has come to it since */
static gr__address_map own;     /* of threads, by their actors */
static uint64_t last_number;    /* atomic */

static fiber *make(gr__actor *actor) {
    fiber *f = gr__alloc(sizeof *f);
    if (f) f->actor = actor;
    return f;
}

GR__EXPORT void *__tsan_get_current_fiber(void) {
    if (current && current->actor == gr__me) return current;
    current = (fiber *)(uintptr_t)gr__address_get(&own, gr__me);
    if (!current && (current = make(gr__me)) != NULL) gr__address_put(&own, gr__me, (uintptr_t)current);
    return current;
}

GR__EXPORT void *__tsan_create_fiber(unsigned flags) {
    (void)flags;
    gr__actor *actor = gr__actor_fork(gr__me, GR__ACTOR_FIBER, GR__ADD(&last_number, 1), gr__here(GR__PC - 1));
    gr__before_fork(gr__me, actor);
    return make(actor);
}

GR__EXPORT void __tsan_destroy_fiber(void *address) {
    fiber *f = address;
    if (!f || f->actor == gr__me) return;
    gr__locks_end(f->actor);
    gr__actor_end(f->actor);
    gr__sync_destroy((uintptr_t)f, sizeof *f);
    gr__free(f, sizeof *f);
}

GR__EXPORT void __tsan_switch_to_fiber(void *address, unsigned flags) {
    fiber *f = address;
    uintptr_t pc = GR__PC - 1;
    if (!f) return;
    if (!(flags & WITHOUT_EDGE)) GR__SYNC_FROM(FIBER, &f->object, pc);
    gr__log_moved(); /* the actors go on where others did */
    gr__me = f->actor;
    current = f;
    if (!(flags & WITHOUT_EDGE)) GR__SYNC_TO(FIBER, &f->object, pc);
}

GR__EXPORT void __tsan_set_fiber_name(void *address, const char *name) {
    fiber *f = address;
    if (f) gr__name_set(f->actor, name);
}
