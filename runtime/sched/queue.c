/* queue.c - the run queues: one ring for each P, whose owner alone adds and from whose head thieves
 * take half; and the global queue under the scheduler's lock. Source: Go src/runtime/proc.go. Unlike
 * there, what runs next is the owner's alone, so a hand-off needs no atomic operation; the monitor sees
 * to it that it does not wait there for long while others could run it. */
#include "runtime/sched/internal.h"

void gr__queue_put_global_locked(gr__g *first, gr__g *last, uint32_t count) {
    last->link = NULL;
    if (gr__s.tail) gr__s.tail->link = first;
    else gr__s.head = first;
    gr__s.tail = last;
    GR__STORE(&gr__s.length, gr__s.length + count);
}

void gr__queue_put_global(gr__g *g) {
    gr__lock(&gr__s.lock);
    gr__queue_put_global_locked(g, g, 1);
    gr__unlock(&gr__s.lock);
}

/* The ring is full: half of it and g go to the global queue. False: there is room again. */
static bool spill(gr__p *p, gr__g *g) {
    gr__g *batch[GR__RING / 2 + 1];
    uint32_t head = GR__LOAD_ACQUIRE(&p->head), n = GR__RING / 2;
    if (p->tail - head < GR__RING) return false;
    for (uint32_t i = 0; i < n; i++) batch[i] = GR__LOAD_RELAXED(&p->ring[(head + i) % GR__RING]);
    if (!GR__CAS(&p->head, &head, head + n)) return false;
    batch[n] = g;
    for (uint32_t i = 0; i < n; i++) batch[i]->link = batch[i + 1];
    gr__lock(&gr__s.lock);
    gr__queue_put_global_locked(batch[0], batch[n], n + 1);
    gr__unlock(&gr__s.lock);
    return true;
}

void gr__queue_put(gr__p *p, gr__g *g) {
    while (!gr__queue_try_put(p, g) && !spill(p, g)) {}
}

gr__g *gr__queue_get_ring(gr__p *p) {
    p->streak = 0;
    for (;;) {
        uint32_t head = GR__LOAD_ACQUIRE(&p->head);
        if (head == p->tail) break;
        gr__g *first = GR__LOAD_RELAXED(&p->ring[head % GR__RING]);
        if (GR__CAS(&p->head, &head, head + 1)) return first;
    }
    gr__g *g = p->next;
    GR__STORE_RELAXED(&p->next, NULL);
    return g;
}

bool gr__queue_empty(gr__p *p) { return GR__LOAD(&p->head) == GR__LOAD(&p->tail); }

gr__g *gr__queue_steal(gr__p *thief, gr__p *victim) {
    for (;;) {
        uint32_t head = GR__LOAD_ACQUIRE(&victim->head), tail = GR__LOAD_ACQUIRE(&victim->tail);
        uint32_t n = tail - head;
        n -= n / 2;
        if (n == 0) return NULL;
        if (n > GR__RING / 2) continue;     /* head and tail did not belong together */
        for (uint32_t i = 0; i < n; i++) {
            gr__g *g = GR__LOAD_RELAXED(&victim->ring[(head + i) % GR__RING]);
            GR__STORE_RELAXED(&thief->ring[(thief->tail + i) % GR__RING], g);
        }
        if (!GR__CAS(&victim->head, &head, head + n)) continue;
        gr__g *last = thief->ring[(thief->tail + n - 1) % GR__RING];
        GR__STORE_RELEASE(&thief->tail, thief->tail + n - 1);
        return last;
    }
}

gr__g *gr__queue_get_global(gr__p *p, uint32_t max) {
    uint32_t n = gr__s.length;
    if (!n) return NULL;
    uint32_t share = n / GR__LOAD_RELAXED(&gr__s.procs) + 1;
    if (share > max) share = max;
    if (share > n) share = n;
    gr__g *g = gr__s.head;
    gr__g *at = g->link;
    uint32_t taken = 1;
    for (; taken < share; taken++) {
        gr__g *after = at->link;    /* a thief may have run it once it is in the ring */
        if (!gr__queue_try_put(p, at)) break;
        at = after;
    }
    gr__s.head = at;
    if (!at) gr__s.tail = NULL;
    GR__STORE(&gr__s.length, n - taken);
    return g;
}
