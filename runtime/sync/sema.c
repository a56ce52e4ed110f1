/* sema.c - permits and a queue, under a lock of their own. */
#include "runtime/sync/sync.h"

void gr__sema_acquire(gr__sema *s, bool first, unsigned reason, const void *object, uintptr_t pc) {
    gr__lock(&s->gr__lock);
    if (s->gr__permits) {
        s->gr__permits--;
        gr__unlock(&s->gr__lock);
        return;
    }
    gr__sleeper me = {.g = gr__self()};
    gr__sleepers_add(&s->gr__head, &s->gr__tail, &me, first);
    gr__park(me.g, &s->gr__lock, reason, object, pc);
}

void gr__sema_release(gr__sema *s) {
    gr__lock(&s->gr__lock);
    gr__sleeper *one = gr__sleepers_take(&s->gr__head, &s->gr__tail);
    if (one) gr__released(one->g);
    else s->gr__permits++;
    gr__unlock(&s->gr__lock);
    if (one) gr__ready(one->g);
}
