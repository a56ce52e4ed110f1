/* runtime_door.c - the runtime's hooks (hook.h): goroutines become actors, channels and locks
 * happens-before. Who may call what is said there. A `detected` belongs to its goroutine. */
#include "detector/doors/runtime_door.h"

#include "detector/doors/doors.h"
#include "detector/doors/leaks.h"
#include "detector/doors/locks.h"
#include "detector/doors/log.h"
#include "detector/doors/misuse.h"
#include "detector/doors/stop.h"
#include "detector/doors/waits.h"
#include "detector/trace/trace.h"
#include "runtime/hook/hook.h"
#include "runtime/include/gorace.h"
#include "runtime/inspect/goroutine.h"
#include "runtime/os/os.h"
#include "runtime/vocab/past.h"
#include "runtime/vocab/wait.h"

typedef struct detected {
    gr__actor *actor;
    gr__go_site *site;
    gr__spin spin;
    uint32_t reason;    /* what it waits for, or did last */
    bool counted;       /* by its site, as one that waits */
    bool stack_told;
    uint8_t leak;       /* enum gr__leak */
} detected;

static detected *detected_of(struct gr__g *g) { return g ? gr__g_head_of(g)->detector : NULL; }

gr__actor *gr__goroutine_actor(struct gr__g *g) {
    detected *d = detected_of(g);
    return d ? d->actor : NULL;
}

enum gr__leak gr__goroutine_leak(struct gr__g *g) {
    detected *d = detected_of(g);
    return d ? (enum gr__leak)d->leak : GR__LEAK_LEFT_OUT;
}

void gr__goroutine_leak_set(struct gr__g *g, enum gr__leak leak) {
    detected *d = detected_of(g);
    if (d) d->leak = (uint8_t)leak;
}

static detected *attach(struct gr__g *g, gr__actor *actor) {
    detected *d = gr__alloc(sizeof *d);
    if (d) d->actor = actor;
    gr__g_head_of(g)->detector = d;
    return d;
}

static void detach(struct gr__g *g) {
    detected *d = detected_of(g);
    gr__g_head_of(g)->detector = NULL;
    if (d) gr__free(d, sizeof *d);
}

/* --- life --- */

void gr__hook_own_begin(void) { gr__own++; }
void gr__hook_own_end(void) { gr__own--; }

void gr__hook_thread_attach(struct gr__g *g) {
    gr__g_head *h = gr__g_head_of(g);
    if (gr__me == &gr__nobody)
        gr__me = gr__actor_root(GR__ACTOR_THREAD, gr__thread_number_next());
    if (h->main) { /* it was thread 0 until it used the runtime */
        gr__me->kind = GR__ACTOR_GOROUTINE;
        gr__me->number = h->goid;
        gr__log_ordered_event(gr__me, GR__EVENT_NUMBER, GR__ACTOR_GOROUTINE, h->goid, 0);
    }
    attach(g, gr__me);
    gr__leaks_watch();
}

void gr__hook_go(struct gr__g *child, uintptr_t pc) {
    gr__actor *actor = gr__actor_fork(gr__me, GR__ACTOR_GOROUTINE, gr__g_head_of(child)->goid,
                                      gr__here_whole(pc - 1));
    gr__before_fork(gr__me, actor);
    detected *d = attach(child, actor);
    if (d) d->site = gr__go_started(pc);
    gr__go_look();
}

void gr__hook_goexit(struct gr__g *g) {
    gr__g_head *h = gr__g_head_of(g);
    detected *d = h->detector;
    if (d) gr__go_ended(d->site);
    if (d && !h->foreign && !h->main) {
        if (gr__me == d->actor) gr__me = &gr__nobody;
        gr__locks_end(d->actor);
        gr__actor_end(d->actor);
        gr__memory_reset_stack(h->stack_low, h->stack_high);
    }
    detach(g);
}

void gr__goroutines_freeze(void) { __atomic_or_fetch(&gr__world, GR__WORLD_FROZEN, __ATOMIC_SEQ_CST); }

/* A goroutine goes on: its state says so already. Whoever freezes sees that state, or is seen here. */
static void stay_if_frozen(void) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (GR__UNLIKELY(GR__LOAD_RELAXED(&gr__world))) gr__world_wait();
}

void gr__hook_switch(struct gr__g *g) {
    if (g) stay_if_frozen();
    gr__log_moved();
    detected *d = detected_of(g);
    gr__me = d ? d->actor : &gr__nobody;
    if (GR__UNLIKELY(!gr__stack_met)) gr__stack_meet();
    if (!d || d->stack_told || !gr__logging) return;
    gr__g_head *h = gr__g_head_of(g);
    d->stack_told = true;
    if (!h->main)
        gr__log_range(d->actor, GR__EVENT_STACK, 0, h->stack_low, h->stack_high - h->stack_low, 0);
}

typedef struct search { uintptr_t address; uint64_t *actor; uintptr_t *low; size_t *size; bool found; } search;

static void look(struct gr__g *g, void *argument) {
    search *s = argument;
    const gr__g_head *h = gr__g_head_of(g);
    if (h->foreign || s->address < h->stack_low || s->address >= h->stack_high) return;
    gr__actor *actor = gr__goroutine_actor(g);
    if (!actor) return;
    *s->actor = actor->id;
    *s->low = h->stack_low;
    *s->size = h->stack_high - h->stack_low;
    s->found = true;
}

bool gr__goroutine_stack_owner(uintptr_t address, uint64_t *actor, uintptr_t *low, size_t *size) {
    search s = {address, actor, low, size, false};
    gr__g_each(look, &s);
    return s.found;
}

bool gr__goroutine_stack_here(uintptr_t address, uintptr_t *low, uintptr_t *high) {
    struct gr__g *g = gr__g_self();
    if (!g) return false;
    const gr__g_head *h = gr__g_head_of(g);
    if (h->foreign || address - h->stack_low >= h->stack_high - h->stack_low) return false;
    *low = h->stack_low;
    *high = h->stack_high;
    return true;
}

typedef struct called { uint64_t actor; const char *name; } called;

static void compare(struct gr__g *g, void *argument) {
    called *c = argument;
    gr__actor *actor = gr__goroutine_actor(g);
    if (actor && actor->id == c->actor) c->name = gr__g_head_of(g)->name;
}

const char *gr__goroutine_name(uint64_t actor) {
    called c = {actor, NULL};
    gr__g_each(compare, &c);
    return c.name;
}

/* --- happens-before --- */

static inline uintptr_t id(const void *object) { return (uintptr_t)object; }

static void acquire(gr__actor *a, const void *object) {
    gr__acquire(a, id(object), a->context);
    gr__before_take(a, id(object));
}
static void release(gr__actor *a, const void *object) {
    gr__release(a, id(object), a->context);
    gr__before_give(a, id(object));
}

void gr__hook_acquire(const void *object) { acquire(gr__me, object); }
void gr__hook_release(const void *object) { release(gr__me, object); }
void gr__hook_release_merge(const void *object) {
    gr__release_merge(gr__me, id(object), gr__me->context);
    gr__before_give(gr__me, id(object));
}
void gr__hook_release_acquire(const void *object) {
    gr__release_acquire(gr__me, id(object), gr__me->context);
    gr__before_take(gr__me, id(object));
    gr__before_give(gr__me, id(object));
}
void gr__hook_acquire_g(struct gr__g *g, const void *object) {
    gr__actor *a = gr__goroutine_actor(g);
    if (a) acquire(a, object);
}
void gr__hook_release_g(struct gr__g *g, const void *object) {
    gr__actor *a = gr__goroutine_actor(g);
    if (a) release(a, object);
}

void gr__hook_lock_acquire(const void *object) { gr__acquire(gr__me, id(object), gr__me->context); }
void gr__hook_lock_release(const void *object) { gr__release(gr__me, id(object), gr__me->context); }
void gr__hook_lock_release_merge(const void *object) {
    gr__release_merge(gr__me, id(object), gr__me->context);
}

void gr__hook_meet(struct gr__g *g, const void *object) {
    gr__actor *a = gr__goroutine_actor(g);
    if (!a) return;
    gr__meet(gr__me, a, id(object), gr__me->context);
    gr__before_give(gr__me, id(object));
    gr__before_give(a, id(object));
    gr__before_take(gr__me, id(object));
    gr__before_take(a, id(object));
}

void gr__hook_object_new(const void *low, size_t size) { gr__memory_reset(id(low), size); }

/* A channel is known to the engine as a block of one byte: where it was made, who freed it. */
void gr__hook_chan_made(const void *channel, uintptr_t pc) {
    gr__heap_alloc(gr__me, id(channel), 1, gr__here_whole(pc - 1));
}
void gr__hook_block_new(const void *low, size_t size) { gr__extent_made(id(low), size, false); }
void gr__hook_block_gone(const void *low) { gr__extent_freed(id(low)); }
void gr__hook_object_free(const void *low, size_t size, uintptr_t pc) {
    gr__heap_free(gr__me, id(low), gr__here(pc - 1));
    gr__sync_destroy(id(low), size);
}

/* --- what is done --- */

void gr__hook_deed(struct gr__g *g, gr__deed *deed) {
    const gr__actor *a = gr__goroutine_actor(g);
    if (a) deed->place = gr__loc_child(a->context, deed->pc - 1);
}

size_t gr__hook_deed_stack(const gr__deed *deed, uint64_t *pcs, size_t max) {
    return deed->place ? gr__loc_stack(deed->place, (uintptr_t *)pcs, max) : 0;
}

/* --- memory --- */

void gr__hook_read(const void *address, size_t size, uintptr_t pc) {
    if (size) gr__access_range(gr__me, id(address), size, 0, pc - 1);
}
void gr__hook_write(const void *address, size_t size, uintptr_t pc) {
    if (size) gr__access_range(gr__me, id(address), size, GR__ACCESS_WRITE, pc - 1);
}
void gr__hook_chan_send(const void *channel, uintptr_t pc) {
    gr__access(gr__me, id(channel), 1, GR__ACCESS_CHANNEL, pc - 1);
}
void gr__hook_chan_close(const void *channel, uintptr_t pc) {
    gr__access(gr__me, id(channel), 1, GR__ACCESS_CHANNEL | GR__ACCESS_WRITE, pc - 1);
}

/* A wait group is a byte to the engine that the program has nothing in: an Add from zero conflicts with a Wait, and
 * neither with its like. So one is an atomic write, and the other a plain read. */
static uintptr_t in_group(const void *group) { return id(group) + offsetof(gr_waitgroup, gr__waiters); }

void gr__hook_waitgroup_raised(const void *group, uintptr_t pc) {
    gr__deed_remember(group, GR__PAST_ADDED, pc);
    gr__access(gr__me, in_group(group), 1, GR__ACCESS_GROUP | GR__ACCESS_ATOMIC | GR__ACCESS_WRITE, pc - 1);
}
void gr__hook_waitgroup_zero(const void *group, uintptr_t pc) { gr__deed_remember(group, GR__PAST_ZEROED, pc); }
void gr__hook_waitgroup_wait(const void *group, uintptr_t pc) {
    gr__access(gr__me, in_group(group), 1, GR__ACCESS_GROUP, pc - 1);
}

/* --- descriptors --- */

void gr__hook_descriptor_release(int fd, uintptr_t pc) { gr__descriptor_from(fd, pc - 1); }
void gr__hook_descriptor_acquire(int fd, uintptr_t pc) { gr__descriptor_to(fd, pc - 1); }
void gr__hook_descriptor_accepted(int listener, int fd, uintptr_t pc) {
    gr__descriptor_accepted(listener, fd, pc - 1);
}

/* --- locks --- */

void gr__hook_locked(const void *lock, unsigned kind, bool reads, bool try, uintptr_t pc) {
    unsigned flags = (reads ? GR__HOLD_READ : 0) | (try ? GR__HOLD_TRY : 0);
    gr__lock_taken((enum gr__lock_kind)kind, lock, flags, pc - 1);
}
void gr__hook_monitor(const void *lock) { gr__lock_monitor(id(lock)); }
/* Who gives a lock that another has taken may do so, as in Go. */
void gr__hook_unlock(const void *lock, unsigned kind, uintptr_t pc) {
    if (gr__lock_given((enum gr__lock_kind)kind, lock, pc - 1)) gr__unlock_remember(lock, pc);
}
void gr__hook_cond_wait(const void *lock, uintptr_t pc) {
    if (GR__UNLIKELY(gr__seen() && !gr__held_by(gr__me, id(lock))))
        gr__lock_waits_without(GR__LOCK_MUTEX, lock, pc - 1);
}
bool gr__hook_holder(const void *lock, gr__deed *out, bool *ended) {
    gr__lock_holder holder;
    if (!gr__lock_holders(id(lock), &holder, 1) || !holder.at) return false;
    const gr__actor *a = gr__actor_by_id(holder.actor);
    *out = (gr__deed){.pc = 1, .goid = a ? a->number : 0, .place = holder.at};
    *ended = !a || GR__LOAD(&a->ended);
    return true;
}

/* --- waiting --- */

void gr__hook_lock_wait(unsigned reason, const void *lock, uintptr_t pc) { gr__wait_parks(reason, lock, pc - 1); }
void gr__hook_lock_waited(void) { gr__wait_parked(); }

static void log_cases(gr__actor *a, const gr__g_head *h) {
    for (int32_t i = 0; i < h->case_count; i++)
        gr__log_more(a, GR__EVENT_CASE, h->cases[i].dir == GR_SEND, id(h->cases[i].chan), (uint32_t)i);
}

void gr__hook_block(struct gr__g *g, unsigned reason, const void *object, uintptr_t pc) {
    detected *d = detected_of(g);
    if (!d) return;
    d->reason = reason;
    d->counted = d->site && gr__go_waits(d->site, reason, d->actor, pc);
    if (!gr__logging) return;
    gr__log_ordered_event(d->actor, GR__EVENT_BLOCK, reason, id(object), gr__loc_child(d->actor->context, pc - 1));
    if (reason == GR__WAIT_SELECT || reason == GR__WAIT_SELECT_NIL) log_cases(d->actor, gr__g_head_of(g));
}

void gr__hook_unblock(struct gr__g *g) {
    stay_if_frozen(); /* a thread's own goroutine is not switched to */
    gr__log_moved(); /* others acted for us meanwhile */
    detected *d = detected_of(g);
    if (!d) return;
    if (gr__logging) gr__log_ordered_event(d->actor, GR__EVENT_UNBLOCK, 0, 0, 0);
    if (d->counted) gr__go_goes_on(d->site);
    d->counted = false;
    gr__go_look();
    if (GR__UNLIKELY(gr__option.convoy_ms > 0)) gr__convoy_look(g, d->reason);
}

void gr__hook_recv_end(struct gr__g *g, const void *channel, int index, bool valued, uintptr_t pc) {
    detected *d = detected_of(g);
    if (d && gr__me == d->actor) gr__spin_turn(&d->spin, channel, index, valued, pc);
}

void gr__hook_progress(struct gr__g *g) {
    detected *d = detected_of(g);
    if (d) d->spin.turns = 0;
}
