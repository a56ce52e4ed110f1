/* waits.c - see waits.h. Two tables of all waits, by actor and by object, under one lock. It is taken when
 * somebody has to wait, never by who gets a lock at once. */
#include "detector/doors/waits.h"

#include "detector/doors/asleep.h"
#include "detector/doors/calls.h"
#include "detector/doors/log.h"
#include "detector/doors/runtime_door.h"
#include "detector/trace/trace.h"
#include "runtime/hook/hook.h"
#include "runtime/include/gorace.h"
#include "runtime/inspect/goroutine.h"
#include "runtime/inspect/thread.h"
#include "runtime/os/os.h"

enum { BUCKETS = 1 << 14, PATIENCE = 1000 };

static uint32_t lock;                       /* guards what follows */
static gr__waiting *by_actor[BUCKETS], *by_object[BUCKETS];
static uint64_t last_serial;
uint32_t gr__threads_standing;
static __thread uint32_t unended;              /* waits of this thread that have not ended */

static gr__waiting **bucket_of(gr__waiting **table, const void *key) {
    return &table[(uintptr_t)key * 0x9e3779b97f4a7c15ull >> 50];
}
_Static_assert(BUCKETS == 1 << (64 - 50), "the bits of a hash");

void gr__waits_lock(void) { gr__door_lock(&lock); }
void gr__waits_unlock(void) { gr__door_unlock(&lock); }

gr__waiting *gr__wait_of(const gr__actor *actor) {
    gr__waiting *w = *bucket_of(by_actor, actor);
    while (w && w->actor != actor) w = w->next_of_actor;
    return w;
}

bool gr__wait_joins(const gr__actor *actor) {
    gr__waits_lock();
    const gr__waiting *w = actor ? gr__wait_of(actor) : NULL;
    bool is = w && w->reason == GR__WAIT_PTHREAD_JOIN;
    gr__waits_unlock();
    return is;
}

gr__waiting *gr__waits_at(const void *object) { return *bucket_of(by_object, object); }

void gr__waits_each(void (*visit)(gr__waiting *w, void *argument), void *argument) {
    for (unsigned i = 0; i < BUCKETS; i++)
        for (gr__waiting *w = by_actor[i]; w; w = w->next_of_actor) visit(w, argument);
}

static void enter(gr__waiting *w) {
    gr__waiting **actor = bucket_of(by_actor, w->actor), **object = bucket_of(by_object, w->object);
    w->serial = ++last_serial;
    w->next_of_actor = *actor;
    w->at_of_actor = actor;
    if (*actor) (*actor)->at_of_actor = &w->next_of_actor;
    *actor = w;
    w->next_of_object = *object;
    w->at_of_object = object;
    if (*object) (*object)->at_of_object = &w->next_of_object;
    *object = w;
    if (w->tid) GR__ADD(&gr__threads_standing, 1);
}

static void leave(gr__waiting *w) {
    *w->at_of_actor = w->next_of_actor;
    if (w->next_of_actor) w->next_of_actor->at_of_actor = w->at_of_actor;
    *w->at_of_object = w->next_of_object;
    if (w->next_of_object) w->next_of_object->at_of_object = w->at_of_object;
    if (w->tid) GR__ADD(&gr__threads_standing, -1);
}

/* A reader waits behind the writer that lets readers out, if no earlier one has left it a permit. That is so
 * until this very writer is gone. */
static uint64_t writer_before(const gr__waiting *w) {
    const gr_rwmutex *m = w->object;
    if (w->reason != GR__WAIT_RWMUTEX_RLOCK || GR__LOAD(&m->gr__reader_sem.gr__permits)) return 0;
    for (const gr__waiting *o = gr__waits_at(m); o; o = o->next_of_object)
        if (o->object == m && o->reason == GR__WAIT_RWMUTEX_DRAIN) return o->serial;
    return 0;
}

static gr__waiting *begin(unsigned reason, const volatile void *object, uintptr_t pc, int tid,
                       const gr__actor *joined) {
    gr__waiting *w = gr__alloc(sizeof *w);
    if (!w) return NULL;
    w->actor = gr__me;
    w->object = (const void *)(uintptr_t)object;
    w->reason = reason;
    w->since_ns = gr__os_now_coarse();
    w->loc = gr__here(pc);
    w->tid = tid;
    w->g = gr__g_self();
    w->joined = joined;
    if (reason == GR__WAIT_PTHREAD_JOIN && !joined) {
        gr__engine_statistics s;
        gr__own++;
        gr__engine_statistics_get(&s);
        gr__own--;
        w->actors = s.actors;
    }
    gr__waits_lock();
    enter(w);
    w->behind = writer_before(w);
    gr__waits_unlock();
    gr__wait_cycle_look(w);
    return w;
}

static uint64_t begin_call(unsigned reason, const volatile void *object, uintptr_t pc, const gr__actor *joined) {
    if (!gr__seen() || gr__forked) return 0;
    gr__log_ordered_event(gr__me, GR__EVENT_BLOCK, reason, (uintptr_t)object, gr__here(pc));
    gr__waiting *w = begin(reason, object, pc, gr__os_tid(), joined);
    if (!w) return 0;
    unended++;
    uint64_t serial = w->serial;
    gr__asleep_ask();
    return serial;
}

uint64_t gr__wait_begin(unsigned reason, const volatile void *object, uintptr_t pc) {
    return begin_call(reason, object, pc, NULL);
}
uint64_t gr__wait_begin_join(uintptr_t thread, const gr__actor *actor, uintptr_t pc) {
    return begin_call(GR__WAIT_PTHREAD_JOIN, (const void *)thread, pc, actor);
}

/* A jump may have left the call that this wait was in, and have taken it away. */
static void end(uint64_t serial) {
    gr__waits_lock();
    gr__waiting *w = gr__wait_of(gr__me);
    while (w && !(w->actor == gr__me && (serial ? w->serial == serial : !w->tid))) w = w->next_of_actor;
    if (w) leave(w);
    if (w && w->tid) unended--;
    gr__waits_unlock();
    if (w) gr__free(w, sizeof *w);
}

void gr__wait_end(uint64_t serial) {
    if (!serial) return;
    end(serial);
    gr__log_ordered_event(gr__me, GR__EVENT_UNBLOCK, 0, 0, 0);
}

void gr__wait_parks(unsigned reason, const void *object, uintptr_t pc) {
    if (gr__me != &gr__nobody && !gr__forked) begin(reason, object, pc, 0, NULL);
}
void gr__wait_parked(void) {
    if (gr__me != &gr__nobody && !gr__forked) end(0);
}

void gr__waits_forget(void) {
    for (int tid = unended ? gr__os_tid() : 0; unended; unended--) {
        gr__waits_lock();
        gr__waiting *w = gr__wait_of(gr__me);
        while (w && !(w->actor == gr__me && w->tid == tid)) w = w->next_of_actor;
        if (w) leave(w);
        gr__waits_unlock();
        if (w) gr__free(w, sizeof *w);
    }
}

bool gr__wait_was_told(const gr__actor *actor) {
    gr__waits_lock();
    const gr__waiting *w = actor ? gr__wait_of(actor) : NULL;
    bool told = w && w->told;
    gr__waits_unlock();
    return told;
}

/* --- for dumps, which come when nothing moves any more, or when all were brought to a stand: then the lock
 * may be a halted thread's for ever --- */

typedef struct looking {
    gr__waiting *found;
    uint64_t number;            /* beyond which it is looked for */
} looking;

/* The thread with the next number. */
static void next_thread(gr__waiting *w, void *argument) {
    looking *l = argument;
    if (!w->tid || w->g || w->actor->number < l->number) return;
    if (!l->found || w->actor->number < l->found->actor->number) l->found = w;
}

/* pc: the innermost place, in that context; 0: the context is all. */
static void view(const gr__actor *a, unsigned wait, uintptr_t object, uint64_t since_ns, uintptr_t pc, gr__loc context,
                 gr__thread_view *v) {
    size_t first = pc != 0;
    *v = (gr__thread_view){.number = a->number, .name = gr__name_of(a->id), .wait = wait, .object = (void *)object,
                           .since_ns = since_ns};
    v->stack[0] = pc;
    v->stack_count = first + gr__loc_stack(context, (uintptr_t *)v->stack + first, GR__THREAD_FRAMES - first);
    v->created_count = a->created_at ? gr__loc_stack(a->created_at, (uintptr_t *)v->created, GR__THREAD_FRAMES) : 0;
    if (v->stack_count > GR__THREAD_FRAMES) v->stack_count = GR__THREAD_FRAMES;
    if (v->created_count > GR__THREAD_FRAMES) v->created_count = GR__THREAD_FRAMES;
}

static void view_wait(const gr__waiting *w, gr__thread_view *v) {
    view(w->actor, w->reason, (uintptr_t)w->object, w->since_ns, 0, w->loc, v);
}
static void view_call(const gr__call *c, gr__thread_view *v) {
    view(c->actor, c->reason, c->object, c->since_ns, c->pc, c->context, v);
}

static bool is_free(void) {
    for (int i = 0; GR__LOAD(&lock) && i < PATIENCE; i++) gr__os_yield();
    return !GR__LOAD(&lock);
}

static bool view_goroutine(struct gr__g *g, gr__thread_view *v) {
    const gr__actor *a = gr__goroutine_actor(g);
    const gr__waiting *w = a && is_free() ? gr__wait_of(a) : NULL;
    const gr__call *c = gr__call_of(g, 0);
    if (w && w->tid && w->g == g) view_wait(w, v);
    else if (c) view_call(c, v);
    else return false;
    return true;
}

/* The plain thread with the smallest number from that on. */
static bool view_next(uint64_t number, gr__thread_view *v) {
    looking l = {NULL, number};
    if (is_free()) gr__waits_each(next_thread, &l);
    const gr__call *c = gr__call_of(NULL, number);
    if (c && (!l.found || c->actor->number < l.found->actor->number)) view_call(c, v);
    else if (l.found) view_wait(l.found, v);
    else return false;
    return true;
}

void gr__hook_standing(struct gr__g *g, void (*visit)(const gr__thread_view *, void *), void *argument) {
    static gr__thread_view v; /* whoever dumps is alone */
    if (g) {
        if (view_goroutine(g, &v)) visit(&v, argument);
        return;
    }
    for (uint64_t number = 0; view_next(number, &v); number = v.number + 1) visit(&v, argument);
}

void gr__waits_forked(void) {
    lock = 0;
    unended = 0;
    if (!last_serial) return;
    gr__threads_standing = 0;
    gr__zero(by_actor, sizeof by_actor);
    gr__zero(by_object, sizeof by_object);
}
