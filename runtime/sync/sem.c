/* sem.c - weighted semaphore, first come, first served: a large request is not overtaken for ever.
 * After golang.org/x/sync/semaphore. */
#include "runtime/sync/sync.h"

void gr_sem_init(gr_sem *s, int64_t n) {
    s->gr__size = n;
    s->gr__taken = 0;
    s->gr__lock = 0;
    s->gr__head = s->gr__tail = NULL;
}

static bool try_acquire(gr_sem *s, int64_t k) {
    if (s->gr__size - s->gr__taken < k || s->gr__head) return false;
    s->gr__taken += k;
    return true;
}

void gr_sem_acquire(gr_sem *s, int64_t k) {
    gr__sleeper me = {.g = gr__self(), .weight = k};
    gr__lock(&s->gr__lock);
    if (k > s->gr__size) {      /* never: and it must not stop the others */
        gr__unlock(&s->gr__lock);
        gr__park_forever(me.g, GR__WAIT_SEM_ACQUIRE, GR__CALLER_PC);
    }
    if (try_acquire(s, k)) {
        gr__unlock(&s->gr__lock);
    } else {
        gr__sleepers_add(&s->gr__head, &s->gr__tail, &me, false);
        gr__park(me.g, &s->gr__lock, GR__WAIT_SEM_ACQUIRE, s, GR__CALLER_PC);
    }
    gr__hook_acquire(s);
}

bool gr_sem_try_acquire(gr_sem *s, int64_t k) {
    gr__g *g = gr__self();
    gr__lock(&s->gr__lock);
    bool ok = try_acquire(s, k);
    gr__unlock(&s->gr__lock);
    if (ok) gr__hook_acquire(s);
    else gr__fruitless(g);
    return ok;
}

void gr_sem_release(gr_sem *s, int64_t k) {
    gr__self();
    gr__hook_release_merge(s);
    gr__lock(&s->gr__lock);
    s->gr__taken -= k;
    if (s->gr__taken < 0) {
        gr__unlock(&s->gr__lock);
        gr__panic("semaphore: released more than held");
    }
    gr__g *first = NULL, **last = &first;
    for (gr__sleeper *w; (w = s->gr__head) && s->gr__size - s->gr__taken >= w->weight;) {
        s->gr__taken += w->weight;
        gr__sleepers_take(&s->gr__head, &s->gr__tail);
        gr__released(w->g);
        w->g->link = NULL;
        *last = w->g;
        last = &w->g->link;
    }
    gr__unlock(&s->gr__lock);
    gr__ready_list(first);
}
