/* runtime_door.c - the runtime's hooks (hook.h): goroutines become actors, channels and locks
 * happens-before. Who may call what is said there. A `detected` belongs to its goroutine; the counts
 * of the go statements are atomic. */
#include "detector/doors/runtime_door.h"

#include "detector/doors/doors.h"
#include "detector/doors/leaks.h"
#include "detector/doors/locks.h"
#include "detector/doors/log.h"
#include "detector/doors/stop.h"
#include "detector/doors/tell.h"
#include "detector/doors/waits.h"
#include "detector/trace/trace.h"
#include "runtime/hook/hook.h"
#include "runtime/include/gorace.h"
#include "runtime/inspect/goroutine.h"
#include "runtime/os/os.h"
#include "runtime/vocab/wait.h"

/* A go statement: how many of its goroutines live. */
typedef struct site { uintptr_t pc; uint32_t live; uint32_t told; } site;
enum { SITES = 1 << 14 };
static site sites[SITES]; /* atomic */

typedef struct detected {
    gr__actor *actor;
    site *site;
    uintptr_t spin_pc;  /* the select that chose a closed case last time */
    int spin_case;
    long spins;         /* in a row */
    bool spin_told, stack_told;
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

static site *site_of(uintptr_t pc) {
    uint64_t hash = pc * 0x9e3779b97f4a7c15ull >> 40;
    for (unsigned i = 0; i < 64; i++) {
        site *s = &sites[(hash + i) & (SITES - 1)];
        uintptr_t none = 0;
        if (GR__LOAD_RELAXED(&s->pc) == pc || GR__CAS(&s->pc, &none, pc) || none == pc) return s;
    }
    return NULL;
}

static void count(detected *d, uintptr_t pc) {
    d->site = site_of(pc);
    if (!d->site) return;
    uint32_t live = GR__ADD(&d->site->live, 1);
    if (gr__option.max_goroutines <= 0 || live <= gr__option.max_goroutines) return;
    if (GR__LOAD_RELAXED(&d->site->told) || GR__SWAP(&d->site->told, 1)) return;
    gr__words note = {.length = 0};
    gr__words_number(&note, live);
    gr__words_add(&note, " goroutines of this go statement live at once, and none has to wait before it "
                         "starts the next: bound them with a semaphore or a pool of workers.");
    gr__tell_misuse(GR__FINDING_RUNAWAY, gr__here(pc - 1), note.text);
}

void gr__hook_go(struct gr__g *child, uintptr_t pc) {
    gr__actor *actor = gr__actor_fork(gr__me, GR__ACTOR_GOROUTINE, gr__g_head_of(child)->goid,
                                      gr__here(pc - 1));
    gr__before_fork(gr__me, actor);
    detected *d = attach(child, actor);
    if (d) count(d, pc);
}

void gr__hook_goexit(struct gr__g *g) {
    gr__g_head *h = gr__g_head_of(g);
    detected *d = h->detector;
    if (d && d->site) GR__ADD(&d->site->live, -1);
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
    gr__heap_alloc(gr__me, id(channel), 1, gr__here(pc - 1));
}
void gr__hook_block_new(const void *low, size_t size) { gr__extent_made(id(low), size, false); }
void gr__hook_block_gone(const void *low) { gr__extent_freed(id(low)); }
void gr__hook_object_free(const void *low, size_t size, uintptr_t pc) {
    gr__heap_free(gr__me, id(low), gr__here(pc - 1));
    gr__sync_destroy(id(low), size);
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
    gr__lock_given((enum gr__lock_kind)kind, lock, pc - 1);
}

/* --- waiting --- */

static void log_cases(gr__actor *a, const gr__g_head *h) {
    for (int32_t i = 0; i < h->case_count; i++)
        gr__log_more(a, GR__EVENT_CASE, h->cases[i].dir == GR_SEND, id(h->cases[i].chan), (uint32_t)i);
}

void gr__hook_block(struct gr__g *g, unsigned reason, const void *object, uintptr_t pc) {
    gr__actor *a = gr__goroutine_actor(g);
    if (!a || !gr__logging) return;
    gr__log_ordered_event(a, GR__EVENT_BLOCK, reason, id(object), gr__loc_child(a->context, pc - 1));
    if (reason == GR__WAIT_SELECT || reason == GR__WAIT_SELECT_NIL) log_cases(a, gr__g_head_of(g));
}

void gr__hook_unblock(struct gr__g *g) {
    stay_if_frozen(); /* a thread's own goroutine is not switched to */
    gr__log_moved(); /* others acted for us meanwhile */
    gr__actor *a = gr__goroutine_actor(g);
    if (a && gr__logging) gr__log_ordered_event(a, GR__EVENT_UNBLOCK, 0, 0, 0);
}

void gr__hook_lock_wait(unsigned reason, const void *lock, uintptr_t pc) { gr__wait_parks(reason, lock, pc - 1); }
void gr__hook_lock_waited(void) { gr__wait_parked(); }

void gr__hook_select_done(struct gr__g *g, int index, bool closed, uintptr_t pc) {
    detected *d = detected_of(g);
    if (!d) return;
    if (!closed || d->spin_pc != pc || d->spin_case != index) {
        d->spins = 0;
        d->spin_pc = pc;
        d->spin_case = index;
    }
    if (!closed || ++d->spins != gr__option.select_spin || d->spin_told) return;
    d->spin_told = true;
    gr__words note = {.length = 0};
    gr__words_add(&note, "Case ");
    gr__words_number(&note, (uint64_t)index);
    gr__words_add(&note, " receives from a closed channel, which is always ready: it was chosen ");
    gr__words_number(&note, (uint64_t)d->spins);
    gr__words_add(&note, " times in a row. Set the channel variable to NULL once it is closed.");
    gr__tell_misuse(GR__FINDING_SELECT_SPIN, gr__here(pc - 1), note.text);
}

void gr__hook_progress(struct gr__g *g) {
    detected *d = detected_of(g);
    if (d) d->spins = 0;
}
