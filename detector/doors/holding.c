/* holding.c - goroutines that wait and hold a lock meanwhile: convoys. The running goroutine looks at itself. */
#include "detector/doors/misuse.h"
#include "detector/doors/tell.h"
#include "detector/locks/locks.h"
#include "runtime/inspect/goroutine.h"
#include "runtime/inspect/record.h"
#include "runtime/os/os.h"
#include "runtime/vocab/past.h"
#include "runtime/vocab/wait.h"

enum { HOLDS = 16 };

static bool is_lock_wait(unsigned wait) {
    return wait == GR__WAIT_MUTEX_LOCK || wait == GR__WAIT_RWMUTEX_RLOCK || wait == GR__WAIT_RWMUTEX_LOCK ||
           wait == GR__WAIT_ONCE;
}

/* Those that wait for a lock: how many, and where the first of them does. */
typedef struct queue { const void *lock; uint64_t count, goid; unsigned wait; uintptr_t pc; } queue;

static void look(struct gr__g *g, void *argument) {
    queue *q = argument;
    const gr__g_head *h = gr__g_head_of(g);
    if (GR__LOAD(&h->state) != GR__STATE_WAITING || h->wait_object != q->lock || !is_lock_wait(h->wait)) return;
    if (q->count++) return;
    q->goid = h->goid;
    q->wait = h->wait;
    q->pc = h->wait_pc;
}

static void tell(const gr__hold *hold, const queue *q, uintptr_t pc, uint64_t ms) {
    gr__words note = {.length = 0};
    gr__words_add(&note, "It waited here for ");
    gr__words_number(&note, ms);
    gr__words_add(&note, " ms with the lock in its hands, and ");
    gr__words_number(&note, q->count);
    gr__words_add(&note, q->count == 1 ? " goroutine waits for that. " : " goroutines wait for that. ");
    gr__words_add(&note, "Give the lock before what may take long. (convoy_ms)");
    gr__told_past pasts[] = {
        {.kind = GR__PAST_HELD, .goid = gr__me->number, .at = gr__hold_place(hold)},
        {.kind = GR__PAST_WAITER, .goid = q->goid, .wait = q->wait, .at = gr__loc_child(0, q->pc - 1)}};
    gr__tell_misuse(GR__FINDING_CONVOY, gr__here(pc - 1), note.text, NULL, pasts, 2);
}

void gr__convoy_look(struct gr__g *g, unsigned reason) {
    const gr__g_head *h = gr__g_head_of(g);
    gr__hold holds[HOLDS];
    uint64_t now = gr__os_now(), ms = now > h->wait_since_ns ? (now - h->wait_since_ns) / 1000000 : 0;
    if (ms < (uint64_t)gr__option.convoy_ms || is_lock_wait(reason) || !gr__seen() || gr__engine_inside) return;
    size_t count = gr__held_list(gr__me, holds, HOLDS);
    for (size_t i = 0; i < count && i < HOLDS; i++) {
        if (holds[i].kind != GR__LOCK_MUTEX && holds[i].kind != GR__LOCK_RWMUTEX) continue;
        queue q = {.lock = (const void *)holds[i].lock};
        gr__g_each(look, &q);
        if (q.count && gr__misuse_first(h->wait_pc)) tell(&holds[i], &q, h->wait_pc, ms);
    }
}
