/* go_site.c - go statements, and how many of their goroutines live and wait: started without limit, they take
 * memory until there is none.
 *
 * What counts are those that wait for something that does not end by itself. A batch of any size that only has
 * work to do is none of it, nor one that sleeps or takes turns at a lock; but a hundred times the limit is told of
 * whatever they do. It is told again at ten times as many. Counting is done where locks are held, telling later,
 * by the next that goes on or starts one, or at the end.
 *
 * Sites are never given up; their fields are atomic. */
#include "detector/doors/misuse.h"
#include "detector/doors/tell.h"
#include "runtime/inspect/goroutine.h"
#include "runtime/inspect/record.h"
#include "runtime/os/os.h"
#include "runtime/vocab/past.h"
#include "runtime/vocab/wait.h"

enum { SITES = 1 << 14, PROBES = 64, PLACES = 64, WHATEVER = 100, AGAIN = 10 };

struct gr__go_site {
    uintptr_t pc;
    gr__loc at;             /* with callers, as it was last */
    uint32_t live, waiting;
    uint32_t times;         /* the limit, now, in terms of the option */
    bool due;               /* above it */
    uint32_t wait;          /* of the one that came above it: what for, and where */
    gr__loc wait_at;
    uint64_t first_ns;      /* when the first was started */
};

static gr__go_site sites[SITES];
bool gr__go_crowded;

static gr__go_site *site_of(uintptr_t pc) {
    uint64_t hash = pc * 0x9e3779b97f4a7c15ull >> 40;
    for (unsigned i = 0; i < PROBES; i++) {
        gr__go_site *s = &sites[(hash + i) & (SITES - 1)];
        uintptr_t none = 0;
        if (GR__LOAD_RELAXED(&s->pc) == pc) return s;
        if (GR__CAS(&s->pc, &none, pc)) {
            GR__STORE_RELAXED(&s->first_ns, gr__os_now());
            GR__STORE_RELAXED(&s->times, 1);
        }
        if (!none || none == pc) return s;
    }
    return NULL;
}

/* 0: no limit. */
static uint64_t limit_of(const gr__go_site *s) {
    return gr__option.max_goroutines > 0 ? (uint64_t)gr__option.max_goroutines * GR__LOAD_RELAXED(&s->times) : 0;
}

static void is_above(gr__go_site *s) {
    GR__STORE(&s->due, true);
    GR__STORE(&gr__go_crowded, true);
}

gr__go_site *gr__go_started(uintptr_t pc) {
    gr__go_site *s = site_of(pc);
    if (!s) return NULL;
    uint32_t live = GR__ADD(&s->live, 1);
    uint64_t limit = limit_of(s);
    if (GR__UNLIKELY(limit && live == WHATEVER * limit + 1)) {
        GR__STORE_RELAXED(&s->at, gr__here(pc - 1));
        is_above(s);
    }
    return s;
}

void gr__go_ended(gr__go_site *s) {
    if (s) GR__ADD(&s->live, -1);
}

/* It ends by itself, or is a turn at a lock. */
static bool is_short(unsigned reason) {
    return reason == GR__WAIT_SLEEP || reason == GR__WAIT_MUTEX_LOCK || reason == GR__WAIT_RWMUTEX_RLOCK ||
           reason == GR__WAIT_RWMUTEX_LOCK || reason == GR__WAIT_ONCE;
}

bool gr__go_waits(gr__go_site *s, unsigned reason, const gr__actor *actor, uintptr_t pc) {
    if (is_short(reason)) return false;
    uint32_t waiting = GR__ADD(&s->waiting, 1);
    uint64_t limit = limit_of(s);
    if (GR__LIKELY(!limit || waiting != limit + 1) || GR__LOAD(&s->due)) return true;
    GR__STORE_RELAXED(&s->at, actor->created_at);
    GR__STORE_RELAXED(&s->wait, reason);
    GR__STORE_RELAXED(&s->wait_at, gr__loc_child(actor->context, pc - 1));
    is_above(s);
    return true;
}

void gr__go_goes_on(gr__go_site *s) { GR__ADD(&s->waiting, -1); }

/* --- telling --- */

/* Where the goroutines of a site wait: as many places as there is room for. */
typedef struct place { uintptr_t pc; unsigned wait; uint64_t count; } place;
typedef struct census { uintptr_t site; place places[PLACES]; uint64_t waiting; } census;

static void look(struct gr__g *g, void *argument) {
    census *c = argument;
    const gr__g_head *h = gr__g_head_of(g);
    if (h->created_pc != c->site || GR__LOAD(&h->state) != GR__STATE_WAITING) return;
    c->waiting++;
    for (unsigned i = 0; i < PLACES; i++) {
        place *p = &c->places[i];
        if (p->count && (p->pc != h->wait_pc || p->wait != h->wait)) continue;
        p->pc = h->wait_pc;
        p->wait = h->wait;
        p->count++;
        return;
    }
}

static const place *most(const census *c) {
    const place *best = &c->places[0];
    for (unsigned i = 1; i < PLACES; i++)
        if (c->places[i].count > best->count) best = &c->places[i];
    return best;
}

static bool ends_at(gr__loc loc, uintptr_t pc) {
    uintptr_t innermost = 0;
    return loc && gr__loc_stack(loc, &innermost, 1) && innermost == pc;
}

static void tell(gr__go_site *s) {
    census *c = gr__alloc(sizeof *c);
    if (!c) return;
    c->site = s->pc;
    gr__g_each(look, c);
    const place *p = most(c);
    gr__loc at = GR__LOAD_RELAXED(&s->wait_at), started = GR__LOAD_RELAXED(&s->at);
    uint64_t live = GR__LOAD_RELAXED(&s->live), ms = (gr__os_now() - GR__LOAD_RELAXED(&s->first_ns)) / 1000000;
    uint64_t waiting = p->count ? p->count : GR__LOAD_RELAXED(&s->waiting);
    unsigned wait = p->count ? p->wait : GR__LOAD_RELAXED(&s->wait);
    if (p->count && !ends_at(at, p->pc - 1)) at = gr__loc_child(0, p->pc - 1);
    gr__told_past pasts[] = {
        {.kind = GR__PAST_STARTED, .count = live, .at = started ? started : gr__loc_child(0, s->pc - 1)},
        {.kind = GR__PAST_MOST_WAIT, .count = waiting, .wait = wait, .at = at}};
    gr__words note = {.length = 0};
    gr__words_number(&note, live);
    gr__words_add(&note, " goroutines of one go statement live at once, started within ");
    gr__words_number(&note, ms);
    gr__words_add(&note, " ms, and nothing has to wait before it starts the next. Bound them: acquire a semaphore "
                         "before the go statement, or let a pool of workers do it. (max_goroutines=");
    gr__words_number(&note, (uint64_t)gr__option.max_goroutines);
    gr__words_add(&note, GR__LOAD_RELAXED(&s->times) > 1 ? ", and this is ten times as many as were told of before.)"
                                                         : "; 0 allows any number.)");
    gr__tell_misuse_of_many(GR__FINDING_RUNAWAY, note.text, pasts, p->count || at ? 2 : 1);
    gr__free(c, sizeof *c);
}

void gr__go_tell(void) {
    if (!gr__seen() || gr__engine_inside) return;
    GR__STORE(&gr__go_crowded, false);
    for (unsigned i = 0; i < SITES; i++) {
        gr__go_site *s = &sites[i];
        if (!GR__LOAD_RELAXED(&s->due) || !GR__SWAP(&s->due, false)) continue;
        tell(s);
        GR__STORE_RELAXED(&s->times, s->times * AGAIN);
    }
}
