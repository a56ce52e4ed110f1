/* leaks.c - see leaks.h. Goroutines that wait at one place for one reason and come from one go
 * statement are one kin, and told once. Kins of which one can reach what another waits for are one
 * finding.
 *
 * All is found out while the others stand still (stop.c, reach.c), and told when they go on: who is
 * stuck stays as it is. A census belongs to who takes it. */
#include "detector/doors/leaks.h"

#include "detector/doors/reach.h"
#include "detector/doors/runtime_door.h"
#include "detector/doors/stop.h"
#include "detector/doors/tell.h"
#include "detector/doors/waits.h"
#include "runtime/chan/chan.h"
#include "runtime/inspect/record.h"
#include "runtime/os/os.h"
#include "runtime/sched/sched.h"
#include "runtime/vocab/wait.h"

#include <errno.h>
#include <pthread.h>

#define PATIENCE_NS        ((uint64_t)50000000)
#define PATIENCE_AT_END_NS ((uint64_t)300000000)
enum { FOLLOWED_KINS = 32, TOLD_TOGETHER = 12, OBJECTS = 64 };

/* FOREVER: nothing can wake it. AT_EXIT: it still waits. */
typedef enum verdict { NONE, FOREVER, AT_EXIT } verdict;

typedef struct kin {
    struct gr__g *first;  /* the one with the lowest number */
    gr__reach_item *waiting; /* its place in what was found; NULL: nothing was */
    uint64_t count;
    verdict verdict;
    uint32_t group; /* kin that stands for all it hangs together with, or itself */
    uint64_t stuck; /* bits: which of its objects others that are stuck can reach */
    bool told;
} kin;

typedef struct census {
    kin *table;
    size_t room, used;
    bool anybody;       /* waits for others */
    bool at_end, known; /* known: who can be woken was found out */
    bool others_run;
    uint64_t stuck;    /* goroutines that are, but for those left out */
    uint32_t left_out; /* the group that is */
    struct room_to_tell {
        gr__told who[TOLD_TOGETHER];
        gr__words notes[TOLD_TOGETHER + 2];
    } * room_to_tell;
    gr__reach reach;
} census;

/* Locks are held for short: the wait ends when who holds it goes on, if somebody still runs. */
static bool may_pass(unsigned wait) {
    return wait == GR__WAIT_MUTEX_LOCK || wait == GR__WAIT_RWMUTEX_RLOCK ||
           wait == GR__WAIT_RWMUTEX_LOCK || wait == GR__WAIT_ONCE;
}

/* --- who is alike --- */

static bool alike(const gr__g_head *a, const gr__g_head *b) {
    return a->wait == b->wait && a->wait_pc == b->wait_pc && a->created_pc == b->created_pc;
}

static gr__loc context_of(struct gr__g *g) { return gr__goroutine_actor(g)->context; }

static kin *kin_of(const census *c, struct gr__g *g, verdict v) {
    const gr__g_head *h = gr__g_head_of(g);
    uint64_t hash =
        (h->wait_pc ^ h->created_pc << 20 ^ h->wait ^ context_of(g)) * 0x9e3779b97f4a7c15ull >> 32;
    for (size_t i = hash;; i++) {
        kin *k = &c->table[i & (c->room - 1)];
        if (!k->first || (k->verdict == v && context_of(k->first) == context_of(g) &&
                          alike(gr__g_head_of(k->first), h)))
            return k;
    }
}

static void enter(census *c, struct gr__g *g, gr__reach_item *w, verdict v) {
    if (gr__goroutine_leak(g) == GR__LEAK_LEFT_OUT) return;
    c->stuck += v == FOREVER;
    if (gr__goroutine_leak(g) != GR__LEAK_NEW) return;
    kin *k = kin_of(c, g, v);
    if (!k->first) {
        c->used++;
        k->verdict = v;
        k->group = (uint32_t)(k - c->table);
    }
    if (!k->first || gr__g_head_of(g)->goid < gr__g_head_of(k->first)->goid) {
        k->first = g;
        k->waiting = w;
    }
    k->count++;
}

/* Without having found out who can be woken. */
static verdict guess(const census *c, const gr__g_head *h) {
    if (gr__waker_of(h->wait) == GR__WAKER_NOBODY) return FOREVER;
    if (!c->at_end || gr__waker_of(h->wait) != GR__WAKER_PEER || (may_pass(h->wait) && c->others_run))
        return NONE;
    return AT_EXIT;
}

static void sort_in(census *c, struct gr__g *g, gr__reach_item *w) {
    const gr__g_head *h = gr__g_head_of(g);
    if (g == gr__g_self() || (h->main && c->at_end) || !gr__goroutine_actor(g) || !gr__g_blocked(g))
        return;
    if (gr__wait_was_told(gr__goroutine_actor(g))) return;
    bool stuck = w && c->known && w->waits && !w->wakes;
    verdict v = stuck ? FOREVER : guess(c, h);
    if (v != NONE) enter(c, g, w, v);
}

static void look(struct gr__g *g, void *argument) {
    census *c = argument;
    uint32_t state = GR__LOAD(&gr__g_head_of(g)->state);
    if (g != gr__g_self() && (state == GR__STATE_RUNNING || state == GR__STATE_RUNNABLE))
        c->others_run = true;
    c->room++;
}
static void visit(struct gr__g *g, void *argument) { sort_in(argument, g, NULL); }

/* --- who hangs together --- */

static uint32_t group_of(const census *c, uint32_t k) {
    while (c->table[k].group != k) k = c->table[k].group;
    return k;
}

/* Bit of an object in what a kin waits for. */
static uint64_t bit_of(struct gr__g *g, const void *object) {
    const gr__g_head *h = gr__g_head_of(g);
    for (int i = 0; i < h->case_count && i < OBJECTS; i++)
        if (h->cases[i].chan == object) return (uint64_t)1 << i;
    return h->case_count ? 0 : 1;
}

typedef struct following {
    census *census;
    kin *from;
} following;

static void meets(gr__reach_item *other, const void *object, void *argument) {
    following *f = argument;
    if (!gr__goroutine_actor(other->g) || gr__goroutine_leak(other->g) != GR__LEAK_NEW) return;
    kin *k = kin_of(f->census, other->g, FOREVER);
    if (!k->first) return;
    k->stuck |= bit_of(other->g, object);
    uint32_t a = group_of(f->census, (uint32_t)(k - f->census->table));
    uint32_t b = group_of(f->census, (uint32_t)(f->from - f->census->table));
    if (a != b) f->census->table[a > b ? a : b].group = a > b ? b : a;
}

static void bind(census *c) {
    unsigned followed = 0;
    for (size_t i = 0; i < c->room && followed < FOLLOWED_KINS; i++) {
        kin *k = &c->table[i];
        if (!k->first || k->verdict != FOREVER || !k->waiting) continue;
        gr__reach_from(&c->reach, k->waiting, meets, &(following){c, k});
        followed++;
    }
}

/* --- finding out --- */

static void look_for_waiting(struct gr__g *g, void *argument) {
    enum gr__waker w = gr__waker_of(gr__g_head_of(g)->wait);
    if (gr__g_blocked(g) && (w == GR__WAKER_NOBODY || w == GR__WAKER_PEER)) ((census *)argument)->anybody = true;
}

/* False: there is nothing to look at. */
static bool take(census *c, uintptr_t sp) {
    gr__g_visit(look_for_waiting, c);
    if (!c->anybody) {
        c->known = true;
        return false;
    }
    bool stopped = gr__stop_begin(c->at_end ? PATIENCE_AT_END_NS : PATIENCE_NS);
    c->known = stopped && gr__reach_find(&c->reach, sp);
    c->room = 0;
    gr__g_visit(look, c);
    size_t goroutines = c->room;
    for (c->room = 64; c->room < 2 * goroutines; c->room *= 2) {}
    if (goroutines && (c->at_end || c->known)) c->table = gr__pages(c->room * sizeof *c->table);
    if (c->table && c->known) {
        for (size_t i = 0; i < c->reach.count; i++) sort_in(c, c->reach.all[i].g, &c->reach.all[i]);
        if (c->used) bind(c);
        for (size_t i = 0; i < c->reach.count && !c->at_end; i++)
            if (c->reach.all[i].waits && !c->reach.all[i].wakes &&
                gr__goroutine_leak(c->reach.all[i].g) == GR__LEAK_NEW)
                gr__goroutine_leak_set(c->reach.all[i].g, GR__LEAK_TOLD);
    }
    if (stopped) {
        gr__reach_end(&c->reach);
        gr__stop_end();
    }
    if (c->table && !c->known) gr__g_each(visit, c);
    return c->table != NULL;
}

/* --- telling --- */

static bool has_ended(uint64_t actor, uint64_t self) {
    const gr__actor *a = actor && actor != self ? gr__actor_by_id(actor) : NULL;
    return a && GR__LOAD(&a->ended);
}

static bool is_channel(unsigned wait) {
    return wait == GR__WAIT_CHAN_RECEIVE || wait == GR__WAIT_CHAN_SEND || wait == GR__WAIT_SELECT;
}

static unsigned reached(const void *object, void *argument) {
    const kin *k = argument;
    if (!k->waiting || k->verdict != FOREVER) return GR__REACH_UNKNOWN;
    if (k->stuck & bit_of(k->first, object)) return GR__REACH_STUCK;
    if (is_channel(gr__g_head_of(k->first)->wait)) {
        const gr_chan *c = object;
        uint64_t self = gr__goroutine_actor(k->first)->id;
        gr__heap_block made;
        if (has_ended(gr__sync_last((uintptr_t)c->ring), self)) return GR__REACH_ENDED;
        if (gr__heap_find((uintptr_t)c, &made) && has_ended(made.actor, self))
            return GR__REACH_ENDED;
    }
    return GR__REACH_NOBODY;
}

static void count_words(gr__words *to, const kin *k, bool alone) {
    gr__words_number(to, k->count - 1);
    gr__words_add(to, " more of the same go statement ");
    if (!alone) {
        gr__words_add(to, "as goroutine ");
        gr__words_number(to, gr__g_head_of(k->first)->goid);
        gr__words_add(to, " ");
    }
    gr__words_add(to, k->count == 2 ? "waits" : "wait");
    gr__words_add(to, " at the same place for the same reason.");
}

/* What was told is suppressed: it counts no more. */
static void leave_out(struct gr__g *g, void *argument) {
    census *c = argument;
    if (gr__goroutine_leak(g) != GR__LEAK_TOLD || !gr__g_blocked(g)) return;
    kin *k = kin_of(c, g, FOREVER);
    if (!k->first || group_of(c, (uint32_t)(k - c->table)) != c->left_out) return;
    gr__goroutine_leak_set(g, GR__LEAK_LEFT_OUT);
    c->stuck--;
}

/* All kins of one group, lowest number first. */
static void tell_group(census *c, kin *first) {
    gr__told *who = c->room_to_tell->who;
    gr__words *notes = c->room_to_tell->notes;
    size_t members = 0, told = 0, note_count = 0;
    uint32_t group = group_of(c, (uint32_t)(first - c->table));
    for (kin *next = first; next; members++) {
        kin *k = next;
        k->told = true;
        if (told < TOLD_TOGETHER) {
            const gr__g_head *h = gr__g_head_of(k->first);
            const gr__actor *a = gr__goroutine_actor(k->first);
            who[told++] = (gr__told){a, h, gr__loc_child(a->context, h->wait_pc - 1), reached, k};
        }
        next = NULL;
        for (size_t i = 0; i < c->room; i++) {
            kin *other = &c->table[i];
            if (!other->first || other->told || group_of(c, (uint32_t)i) != group) continue;
            if (!next || gr__g_head_of(other->first)->goid < gr__g_head_of(next->first)->goid)
                next = other;
        }
    }
    for (size_t i = 0; i < told; i++) {
        const kin *k = who[i].argument;
        if (k->count < 2) continue;
        notes[note_count].length = 0;
        count_words(&notes[note_count++], k, members == 1);
    }
    if (members > 1) {
        gr__words *note = &notes[note_count++];
        note->length = 0;
        gr__words_add(note, "They could only wake each other, and all of them wait.");
        if (members > told) {
            gr__words_add(note, " ");
            gr__words_number(note, members - told);
            gr__words_add(note, " more kinds of goroutines hang together with these.");
        }
    }
    bool counts =
        gr__tell(first->verdict == FOREVER ? GR__FINDING_LEAK_FOREVER : GR__FINDING_LEAK_AT_EXIT,
                 who, told, notes, note_count);
    if (counts || c->at_end) return;
    c->left_out = group;
    gr__g_visit(leave_out, c);
}

static void tell_all(census *c) {
    size_t size = (sizeof *c->room_to_tell + GR__PAGE - 1) & ~(GR__PAGE - 1);
    c->room_to_tell = c->used ? gr__pages(size) : NULL;
    if (!c->room_to_tell) return;
    for (size_t left = c->used; left; left--) { /* in order of goroutines' numbers */
        kin *next = NULL;
        for (size_t i = 0; i < c->room; i++) {
            kin *k = &c->table[i];
            if (k->first && !k->told &&
                (!next || gr__g_head_of(k->first)->goid < gr__g_head_of(next->first)->goid))
                next = k;
        }
        if (!next) break;
        tell_group(c, next);
    }
    gr__pages_free(c->room_to_tell, size);
}

/* -1: it can't be told. */
static int64_t take_and_tell(bool at_end, uintptr_t sp) {
    int saved = errno;
    gr__own++;
    census c = {.at_end = at_end};
    if (take(&c, sp)) {
        tell_all(&c);
        gr__pages_free(c.table, c.room * sizeof *c.table);
    }
    gr__own--;
    errno = saved;
    return c.known ? (int64_t)c.stuck : -1;
}

void gr__leaks_at_end(uintptr_t sp) {
    gr__goroutines_freeze();
    take_and_tell(true, sp);
}

int gr__leaks_now(uintptr_t sp) {
    return gr__doors_ready && !gr__forked ? (int)take_and_tell(false, sp) : -1;
}

/* --- every so often --- */

static void *watch(void *nothing) {
    pthread_attr_t attributes;
    void *at;
    size_t size;
    uint32_t never = 0;
    gr__own++;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return nothing;
    pthread_attr_getstack(&attributes, &at, &size);
    pthread_attr_destroy(&attributes);
    gr__reach_helper((uintptr_t)at, (uintptr_t)at + size);
    for (;;) {
        gr__hook_rest_begin();
        gr__os_wait(&never, 0, gr__os_now() + (uint64_t)gr__option.leak_interval_ms * 1000000);
        gr__hook_rest_end();
        take_and_tell(false, (uintptr_t)at + size - 1);
    }
}

void gr__leaks_watch(void) {
    static uint32_t started; /* atomic */
    if (gr__option.leak_interval_ms <= 0 || GR__SWAP(&started, 1)) return;
    gr__own++;
    gr__sched_helper_start(watch, NULL);
    gr__own--;
}
