/* g.c - goroutines as objects: where they live, their numbers, the list of all.
 *
 * They live in slabs that are never given back, and keep their stacks when they end, so starting
 * one is mostly taking it from a list. `slabs` only grows: readers walk it without a lock. */
#include "runtime/sched/internal.h"

#include "runtime/arch/arch.h"
#include "runtime/os/os.h"
#include "runtime/vocab/past.h"

enum { WARM = 1024, GOIDS = 16, COOL_AT_ONCE = 16384, KEEP_WARM = 16 * 1024 };
#define TRIM_EVERY_NS ((uint64_t)100000000)

static gr__slab *slabs;         /* a; the script for gdb knows it by this name */
extern gr__slab *gr__slabs __attribute__((alias("slabs")));
static uint32_t lock;           /* of what follows, and of adding slabs */
typedef struct place { uintptr_t pc; uint64_t count; } place;   /* a go statement */
enum { PLACES = 64 };

static gr__g *bare_list;        /* without a stack */
static gr__g *warm_list;        /* a to see whether it is empty: with a stack as it was left */
static gr__g *cold_list;        /* the same: with a stack that takes no memory */
static uint32_t warm_count, warm_least; /* now, and the fewest there were since the last cooling */

static uint64_t last_goid = 1;  /* a: 1 is main's */
static int32_t living;          /* a */

uint64_t gr__goid_block(gr__p *p) {
    if (!p) return GR__ADD(&last_goid, 1);
    p->goid_end = GR__ADD(&last_goid, GOIDS) + 1;
    p->goid = p->goid_end - GOIDS;
    return p->goid++;
}

/* Those counted by Ps may have begun on one and ended on another. */
int32_t gr__g_count(int32_t change) {
    int64_t all = change ? GR__ADD(&living, change) : GR__LOAD(&living);
    for (uint32_t i = 0; i < GR__LOAD(&gr__s.procs_made); i++)
        all += GR__LOAD_RELAXED(&gr__s.ps[i]->living);
    return (int32_t)all;
}

static void count_here(gr__p *p, int change) {
    if (p) gr__p_living(p, change);
    else GR__ADD(&living, change);
}

static gr__g *fresh_locked(void) {
    if (!slabs || slabs->used == GR__SLAB) {
        gr__slab *s = gr__pages(sizeof *s);
        if (!s) return NULL;
        s->next = slabs;
        GR__STORE(&slabs, s);
    }
    gr__g *g = &slabs->gs[slabs->used];
    GR__STORE(&slabs->used, slabs->used + 1);
    return g;
}

/* --- when there is no memory: which go statement has the most --- */

/* Visits all, without memory of its own. */
static void count_sites(place *places, bool exactly) {
    for (gr__slab *s = GR__LOAD(&slabs); s; s = s->next) {
        for (uint32_t i = 0; i < GR__LOAD(&s->used); i++) {
            const gr__g_head *h = &s->gs[i].head;
            if (!GR__LOAD(&h->state) || !h->created_pc) continue;
            unsigned k = 0;
            while (k < PLACES && places[k].pc != h->created_pc) k++;
            if (k < PLACES) {
                places[k].count++;
            } else if (!exactly) {  /* take the place of one that has none left, or one from each */
                for (k = 0; k < PLACES && places[k].count; k++) {}
                if (k < PLACES) places[k] = (place){h->created_pc, 1};
                else for (k = 0; k < PLACES; k++) places[k].count--;
            }
        }
    }
}

/* Misra and Gries, "Finding repeated elements" (1982): who has more than one in PLACES is among the places. */
static _Noreturn void no_room(const char *words) {
    place places[PLACES] = {{0, 0}}, *most = places;
    count_sites(places, false);
    for (unsigned k = 0; k < PLACES; k++) places[k].count = 0;
    count_sites(places, true);
    for (unsigned k = 1; k < PLACES; k++)
        if (places[k].count > most->count) most = &places[k];
    gr__past past = {.kind = GR__PAST_STARTED, .deed = {.pc = most->pc}, .count = most->count};
    gr__fatal_with(words, &past);
}

gr__g *gr__g_alloc(void) {
    gr__lock(&lock);
    gr__g *g = bare_list;
    if (g) bare_list = g->link;
    else g = fresh_locked();
    gr__unlock(&lock);
    if (!g) no_room("out of memory: no room for a goroutine");
    return g;
}

static gr__g *pop(gr__g **list) {
    gr__g *g = *list;
    if (g) GR__STORE_RELAXED(list, g->link);
    return g;
}

static gr__g *pop_warm(void) {
    gr__g *g = pop(&warm_list);
    if (g && --warm_count < warm_least) warm_least = warm_count;
    return g;
}

/* One with a stack, and some more for p; NULL: there is none. */
static gr__g *take_global(gr__p *p) {
    if (!GR__LOAD_RELAXED(&warm_list) && !GR__LOAD_RELAXED(&cold_list)) return NULL;
    gr__lock(&lock);
    gr__g *g = pop_warm(), *more;
    if (!g) g = pop(&cold_list);
    while (p && p->free_count < GR__LOCAL_FREE / 2 && (more = pop_warm())) {
        more->link = p->free;
        p->free = more;
        p->free_count++;
    }
    gr__unlock(&lock);
    return g;
}

gr__g *gr__g_take_slow(gr__p *p) {
    gr__g *g = take_global(p);
    if (g) return g;
    g = gr__g_alloc();
    if (!gr__stack_new(&g->head.stack_low, &g->head.stack_high))
        no_room("out of memory: no room for a goroutine's stack");
    return g;
}

static void put_global(gr__g *first, gr__g *last, uint32_t n) {
    gr__lock(&lock);
    last->link = warm_list;
    GR__STORE_RELAXED(&warm_list, first);
    warm_count += n;
    gr__unlock(&lock);
}

/* --- giving memory back --- */

/* What stayed unused since the last call, beyond a few, gives its stack's memory back. */
bool gr__g_cool(void) {
    gr__lock(&lock);
    uint32_t n = warm_least > WARM ? warm_least - WARM : 0;
    if (n > COOL_AT_ONCE) n = COOL_AT_ONCE;
    gr__g *first = n ? warm_list : NULL, *last = first;
    for (uint32_t i = 1; i < n; i++) last = last->link;
    if (n) GR__STORE_RELAXED(&warm_list, last->link);
    warm_count -= n;
    if (warm_least > warm_count || warm_least - n <= WARM) warm_least = warm_count;
    else warm_least -= n;
    gr__unlock(&lock);
    if (!n) return false;
    last->link = NULL;
    for (gr__g *g = first; g; g = g->link) gr__stack_trim(g->head.stack_low, g->head.stack_high, 0);
    gr__lock(&lock);
    last->link = cold_list;
    GR__STORE_RELAXED(&cold_list, first);
    gr__unlock(&lock);
    return true;
}

/* Those that p keeps give back what they used beyond the usual. */
void gr__g_trim(gr__p *p) {
    uint64_t now = GR__LOAD_RELAXED(&gr__s.clock);
    if (now - p->trimmed_ns < TRIM_EVERY_NS) return;
    p->trimmed_ns = now;
    for (gr__g *g = p->free; g; g = g->link) {
        if (g->trimmed) continue;
        gr__stack_trim(g->head.stack_low, g->head.stack_high, KEEP_WARM);
        g->trimmed = true;
    }
}

/* --- beginning and ending --- */

void gr__g_recycle(gr__p *p, gr__g *g) {
    if (g->head.foreign) {
        gr__g_wipe(g);
        GR__ADD(&living, -1);
        g->head.foreign = false;
        gr__lock(&lock);
        g->link = bare_list;
        bare_list = g;
        gr__unlock(&lock);
        return;
    }
    if (p && p->free_count >= GR__LOCAL_FREE) {
        gr__g *first = p->free, *last = first;
        for (uint32_t i = 1; i < GR__LOCAL_FREE / 2; i++) last = last->link;
        p->free = last->link;
        p->free_count -= GR__LOCAL_FREE / 2;
        put_global(first, last, GR__LOCAL_FREE / 2);
    }
    if (p && gr__g_recycle_here(p, g)) return;
    gr__g_wipe(g);
    count_here(p, -1);
    put_global(g, g, 1);
}

gr__g *gr__g_new(void (*fn)(void), const uintptr_t *words, int count, uintptr_t pc) {
    gr__g *self = gr__self();
    if (!fn) gr__fatal("go of nil func value");
    gr__m *m = gr__m_self();
    uint32_t was = m ? gr__m_busy(m) : 0;
    gr__p *p = m ? gr__p_here(m) : NULL;
    gr__g *g = gr__g_take(p);
    gr__g_fill(g, p, self, fn, words, count, pc);
    if (m) gr__m_done(m, was);
    return g;
}

void gr__g_start(gr__g *g) {
    GR__ADD(&living, 1);
    gr__ready(g);
}

void gr__g_discard(gr__g *g) {
    gr__hook_goexit(g);
    GR__ADD(&living, 1);
    gr__g_recycle(NULL, g);
}

/* --- the view from outside (inspect/goroutine.h) --- */

static void sift(gr__g **heap, size_t at, size_t n) {
    for (size_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && heap[child + 1]->head.goid > heap[child]->head.goid) child++;
        if (heap[at]->head.goid >= heap[child]->head.goid) return;
        gr__g *t = heap[at];
        heap[at] = heap[child];
        heap[child] = t;
    }
}

static void sort(gr__g **gs, size_t n) {
    for (size_t i = n / 2; i-- > 0;) sift(gs, i, n);
    while (n > 1) {
        gr__g *t = gs[0];
        gs[0] = gs[--n];
        gs[n] = t;
        sift(gs, 0, n);
    }
}

void gr__g_each(void (*visit)(struct gr__g *g, void *argument), void *argument) {
    size_t room = 0, n = 0;
    gr__slab *first = GR__LOAD(&slabs);
    for (gr__slab *s = first; s; s = s->next) room += GR__SLAB;
    if (!room) return;
    gr__g **all = gr__pages(room * sizeof(gr__g *));
    if (!all) return;
    for (gr__slab *s = first; s; s = s->next)
        for (uint32_t i = 0; i < GR__LOAD(&s->used); i++)
            if (GR__LOAD(&s->gs[i].head.state)) all[n++] = &s->gs[i];
    sort(all, n);
    for (size_t i = 0; i < n; i++) visit(all[i], argument);
    gr__pages_free(all, room * sizeof(gr__g *));
}

void gr__g_visit(void (*visit)(struct gr__g *g, void *argument), void *argument) {
    for (gr__slab *s = GR__LOAD(&gr__slabs); s; s = s->next)
        for (uint32_t i = 0; i < GR__LOAD(&s->used); i++)
            if (GR__LOAD(&s->gs[i].head.state)) visit(&s->gs[i], argument);
}

uintptr_t gr__g_stands_from(struct gr__g *g, const uintptr_t **arguments, size_t *count) {
    uintptr_t sp = (uintptr_t)GR__LOAD(&g->sp);
    bool begun = sp && sp != (gr__g_top(g) & ~(uintptr_t)15) - GR__NEW_WORDS * sizeof sp;
    *arguments = g->words;
    *count = begun ? 0 : GR__GO_WORDS;
    return g->head.foreign ? 0 : sp;
}

bool gr__g_blocked(struct gr__g *g) {
    if (GR__LOAD(&g->head.state) != GR__STATE_WAITING) return false;
    return g->head.wait != GR__WAIT_SELECT || !GR__LOAD(&g->select_done);
}
