/* reach.c - see reach.h. All threads but this one stand still: nothing here takes a lock of theirs,
 * or allocates with malloc. State belongs to who has stopped the others.
 *
 * Roots are what is not known to be something else: all memory of the process that can be read and
 * lies in no block, no stack and nothing of ours. So variables of all modules, thread-local
 * storage, mappings, what an allocator of the program hands out in pieces, and what libc allocates
 * for itself unseen, are roots without further ado. Freed blocks are none. */
#include "detector/doors/reach.h"

#include "detector/doors/doors.h"
#include "detector/doors/stop.h"
#include "detector/engine/shadow.h"
#include "runtime/include/gorace.h"
#include "runtime/time/time.h"
#include "runtime/vocab/wait.h"

enum {
    LARGE = 64 * 1024, /* of such it pays to ask which pages are there */
    RANGES = 16384,
    FOLLOWED = 64,
    FOLLOWED_WORDS = 1 << 20
};
#define STACK_UNIT 20 /* MiB: stacks of goroutines are larger */
#define HEAP_ALIGNED ((uintptr_t)64 << 20)
#define HEAP_HEAD    ((uintptr_t)4096)
#define MARKS_SIZE ((size_t)1 << 31)

typedef struct range {
    uintptr_t low, high;
    bool claimed;
} range;

/* A goroutine waits for an object: an edge in the list of a block, or of a stack. */
typedef struct edge {
    uint32_t waiting, next;
    const void *object;
} edge;
typedef struct watched {
    uintptr_t block;
    uint32_t first;
} watched;

static gr__reach *now;
static edge *edges; /* from 1 */
static size_t edge_count, edge_room;
static watched *table; /* of blocks that are waited for; a power of two */
static size_t table_room;
static uint32_t *stacks;    /* by MiB: the goroutine whose stack is in use there, from 1 */
static range skips[RANGES]; /* what is no root by itself, in order */
static size_t skip_count;
static gr__region *regions;
static size_t region_count, region_room, region_last;
static uintptr_t *marks; /* blocks to go through */
static size_t mark_count, mark_room;
static uintptr_t low_end, span;         /* what looks like a pointer */
static uintptr_t apart_low, apart_high; /* stacks of threads that are goroutines' lie between */
static bool failed;

/* What is followed from a goroutine that is stuck already. */
static struct {
    gr__reach_item *from;
    void (*meets)(gr__reach_item *other, const void *object, void *argument);
    void *argument;
    size_t words;  /* to go */
    size_t logged; /* blocks that were marked on the way, at the end of `marks` */
    uint32_t stacks[FOLLOWED], stack_count;
} following;

/* --- marking --- */

static void reach_stack(gr__reach_item *w);
static void wake(gr__reach_item *w);

static void met(uint32_t first) {
    for (uint32_t i = first; i; i = edges[i].next) {
        gr__reach_item *w = &now->all[edges[i].waiting];
        if (!following.from)
            wake(w);
        else if (w != following.from && !w->wakes)
            following.meets(w, edges[i].object, following.argument);
    }
}

static watched *find_watched(uintptr_t block) {
    size_t at = (block >> 4) * 0x9e3779b97f4a7c15ull >> 20;
    for (;; at++) {
        watched *w = &table[at & (table_room - 1)];
        if (!w->block || w->block == block) return w;
    }
}

static gr__reach_item *stack_at(uintptr_t address) {
    if (address - GR__STACKS_LOW < GR__STACKS_HIGH - GR__STACKS_LOW) {
        uint32_t i = stacks[(address - GR__STACKS_LOW) >> STACK_UNIT];
        gr__reach_item *w = i ? &now->all[i - 1] : NULL;
        return w && address >= w->from && address < w->high ? w : NULL;
    }
    if (address < apart_low || address >= apart_high) return NULL;
    for (size_t i = 0; i < now->count; i++) {
        gr__reach_item *w = &now->all[i];
        if (w->apart && address >= w->from && address < w->high) return w;
    }
    return NULL;
}

static GR__NOINLINE void mark(uintptr_t address) {
    uintptr_t low = 0;
    enum gr__extent_mark m = gr__extent_reach(address, &low);
    if (GR__LIKELY(m == GR__EXTENT_MARKED)) return;
    if (m == GR__EXTENT_NONE) {
        gr__reach_item *w = stack_at(address);
        if (w) reach_stack(w);
        return;
    }
    if (mark_count + following.logged + 1 >= mark_room) {
        failed = true;
        return;
    }
    marks[mark_count++] = low;
    if (following.from) marks[mark_room - ++following.logged] = low;
    __builtin_prefetch((const void *)low);
    if (m == GR__EXTENT_WATCHED) met(find_watched(low)->first);
}

typedef uintptr_t __attribute__((may_alias)) word;

static void scan(uintptr_t low, uintptr_t high) {
    const uintptr_t base = low_end, size = span;
    low = (low + 7) & ~(uintptr_t)7;
    high &= ~(uintptr_t)7;
    const word *p = (const word *)low, *end = (const word *)high;
    for (; p + 8 <= end; p += 8) {
        bool any = (p[0] - base < size) | (p[1] - base < size) | (p[2] - base < size) |
                   (p[3] - base < size) | (p[4] - base < size) | (p[5] - base < size) |
                   (p[6] - base < size) | (p[7] - base < size);
        if (GR__LIKELY(!any)) continue;
        for (int i = 0; i < 8; i++)
            if (p[i] - base < size) mark(p[i]);
    }
    for (; p < end; p++)
        if (*p - base < size) mark(*p);
}

/* Where malloc keeps account of what is free: that begins behind a block, or with the last word of it, which is
 * the block's as long as it is in use. */
static void scan_accounts(uintptr_t low, uintptr_t high) {
    const word *end = (const word *)(high & ~(uintptr_t)7);
    for (const word *p = (const word *)((low + 7) & ~(uintptr_t)7); p < end; p++) {
        gr__extent e;
        if (*p - low_end >= span) continue;
        bool behind = gr__extent_find(*p, &e) && *p != e.low && *p + sizeof(word) >= e.high;
        if (!behind) mark(*p);
    }
}

typedef struct part {
    uintptr_t low, high;
    void (*visit)(uintptr_t low, uintptr_t high);
} part;
static void visit_pages(uintptr_t low, uintptr_t high, void *argument) {
    const part *p = argument;
    if (low < p->low) low = p->low;
    if (high > p->high) high = p->high;
    if (low < high) p->visit(low, high);
}

static void scan_present(uintptr_t low, uintptr_t high) {
    if (high <= low) return;
    part p = {low, high, scan};
    if (high - low < LARGE)
        scan(low, high);
    else if (!gr__pages_present(low, high, false, visit_pages, &p))
        failed = true;
}

/* Of [low, high), what can be read. A block is in one mapping mostly, and the next in the same. */
static void scan_readable(uintptr_t low, uintptr_t high) {
    size_t i = region_last;
    if (i >= region_count || low < regions[i].low || low >= regions[i].high) {
        size_t first = 0, last = region_count;
        while (first < last) {
            size_t middle = (first + last) / 2;
            if (regions[middle].high <= low)
                first = middle + 1;
            else
                last = middle;
        }
        i = region_last = first;
    }
    for (; i < region_count && regions[i].low < high; i++) {
        uintptr_t from = low > regions[i].low ? low : regions[i].low,
                  to = high < regions[i].high ? high : regions[i].high;
        if (regions[i].readable) scan_present(from, to);
    }
}

static void reach_stack(gr__reach_item *w) {
    if (following.from) {
        for (uint32_t i = 0; i < following.stack_count; i++)
            if (&now->all[following.stacks[i]] == w) return;
        if (w->reached) return;
        if (following.stack_count == FOLLOWED) {
            failed = true;
            return;
        }
        following.stacks[following.stack_count++] = (uint32_t)(w - now->all);
    } else {
        if (w->reached) return;
        w->reached = true;
    }
    met(w->on_stack);
    /* Not at once: a chain of goroutines would be as deep on this stack. */
    if (mark_count + following.logged + 1 >= mark_room)
        failed = true;
    else
        marks[mark_count++] = (uintptr_t)w | 1;
}

static void wake(gr__reach_item *w) {
    if (w->wakes) return;
    w->wakes = true;
    now->stuck--;
    reach_stack(w);
}

static void scan_stack(const gr__reach_item *w) {
    const uintptr_t *arguments;
    size_t count;
    scan_readable(w->from, w->high);
    gr__g_stands_from(w->g, &arguments, &count);
    scan((uintptr_t)arguments, (uintptr_t)(arguments + count));
}

/* Go through what was marked, until there is no more. */
static void follow(void) {
    while (mark_count && !failed) {
        uintptr_t next = marks[--mark_count];
        if (next & 1) {
            scan_stack((const gr__reach_item *)(next & ~(uintptr_t)1));
            continue;
        }
        uintptr_t high = gr__extent_end(next);
        size_t words = (high - next) / sizeof(word);
        if (following.from && following.words < words) failed = true;
        if (following.from) following.words -= words;
        if (!failed) scan_readable(next, high);
    }
}

/* --- goroutines --- */

static void count(struct gr__g *g, void *argument) {
    (void)g;
    ++*(size_t *)argument;
}

static void note(struct gr__g *g, void *argument) {
    (void)argument;
    if (now->count == now->room) return;
    const gr__g_head *h = gr__g_head_of(g);
    const uintptr_t *arguments;
    size_t words;
    gr__reach_item *w = &now->all[now->count++];
    *w = (gr__reach_item){
        .g = g, .low = h->stack_low, .high = h->stack_high, .apart = h->foreign || h->main};
    w->from = gr__g_stands_from(g, &arguments, &words);
    if (w->from < w->low || w->from >= w->high) w->from = w->low;
    enum gr__waker waker = gr__waker_of(h->wait);
    w->waits = gr__g_blocked(g) && (waker == GR__WAKER_NOBODY || waker == GR__WAKER_PEER);
    edge_room += h->wait == GR__WAIT_SELECT ? (size_t)h->case_count : 1;
}

/* A thread stands on a stack from sp on. */
static void stands(uintptr_t sp) {
    for (size_t i = 0; i < now->count; i++) {
        gr__reach_item *w = &now->all[i];
        if (sp < w->low || sp >= w->high) continue;
        w->from = sp;
        return;
    }
}
static void stands_there(const gr__stander *s, void *argument) {
    (void)argument;
    stands(s->sp);
}

static void fill_stacks(void) {
    apart_low = UINTPTR_MAX;
    apart_high = 0;
    for (size_t i = 0; i < now->count; i++) {
        const gr__reach_item *w = &now->all[i];
        if (w->apart) {
            if (w->from < apart_low) apart_low = w->from;
            if (w->high > apart_high) apart_high = w->high;
            continue;
        }
        for (uintptr_t at = w->from >> STACK_UNIT; at <= (w->high - 1) >> STACK_UNIT; at++) {
            uint32_t *place = &stacks[at - (GR__STACKS_LOW >> STACK_UNIT)];
            /* Where two meet, one has its top there, and the other its end: it is deep, or nobody
             * knows how deep. */
            if (*place && w->from == w->low) continue;
            if (*place && now->all[*place - 1].from != now->all[*place - 1].low) failed = true;
            *place = (uint32_t)i + 1;
        }
    }
}

/* False: what it waits for can be reached by anybody, or is not known. */
static bool watch(uint32_t waiting, const void *object) {
    gr__extent e;
    uint32_t *first;
    if (!object || edge_count > edge_room) return false;
    if (gr__extent_find((uintptr_t)object, &e)) {
        if (e.freed) return false;
        watched *w = find_watched(e.low);
        w->block = e.low;
        first = &w->first;
        gr__extent_watch(e.low);
    } else {
        gr__reach_item *w = stack_at((uintptr_t)object);
        if (!w) return false;
        first = &w->on_stack;
    }
    edges[edge_count] = (edge){waiting, *first, object};
    *first = (uint32_t)edge_count++;
    return true;
}

static bool watch_all(uint32_t i) {
    const gr__g_head *h = gr__g_head_of(now->all[i].g);
    if (gr__waker_of(h->wait) == GR__WAKER_NOBODY) return true;
    if (h->wait == GR__WAIT_SEM_ACQUIRE && !h->wait_object) return true; /* more than there is */
    if (h->wait != GR__WAIT_SELECT) return watch(i, h->wait_object);
    for (int k = 0; k < h->case_count; k++)
        if (h->cases[k].chan && !watch(i, h->cases[k].chan)) return false;
    return true;
}

/* --- roots --- */

static void skip(uintptr_t low, uintptr_t high, bool claimed) {
    if (high <= low) return;
    if (skip_count == RANGES) {
        failed = true;
        return;
    }
    size_t at = skip_count++;
    for (; at && skips[at - 1].low > low; at--) skips[at] = skips[at - 1];
    skips[at] = (range){low, high, claimed};
}

static void skip_claim(uintptr_t low, uintptr_t high, void *argument) {
    (void)argument;
    skip(low, high, true);
}

static void scan_gap(uintptr_t low, uintptr_t high) {
    gr__extent e;
    while (low < high && gr__extent_next(low, high, &e)) {
        if (e.low > low) scan_present(low, e.low);
        low = e.high > low ? e.high : low + 16;
    }
    scan_present(low, high);
}

/* Heaps of malloc for threads begin with its accounts. */
static uintptr_t scan_heap_head(uintptr_t low, uintptr_t high) {
    gr__extent e;
    uintptr_t end = low + HEAP_HEAD < high ? low + HEAP_HEAD : high;
    if (low % HEAP_ALIGNED || low >= high) return low;
    if (gr__extent_next(low, end, &e) && e.low < end) end = e.low > low ? e.low : low;
    scan_accounts(low, end);
    return end;
}

static void scan_region(const gr__region *r, uintptr_t low, uintptr_t high) {
    if (!r->clean) low = scan_heap_head(low, high);
    part p = {low, high, r->libc ? scan_accounts : scan_gap};
    if (low >= high) return;
    if (!r->clean)
        p.visit(low, high);
    else if (!gr__pages_present(low, high, true, visit_pages, &p))
        failed = true;
}

static void scan_regions(void) {
    size_t s = 0;
    for (size_t i = 0; i < region_count && !failed; i++) {
        const gr__region *r = &regions[i];
        uintptr_t at = r->low;
        if (!r->readable) continue;
        while (s && skips[s - 1].high > r->low) s--;
        for (size_t k = s; k < skip_count && skips[k].low < r->high; k++) {
            if (skips[k].high <= at) continue;
            if (skips[k].low > at) scan_region(r, at, skips[k].low);
            at = skips[k].high;
            s = k;
        }
        scan_region(r, at, r->high);
        follow();
    }
}

typedef struct search {
    uintptr_t low, high, sp;
} search;
static void stands_in(const gr__stander *s, void *argument) {
    search *in = argument;
    if (s->sp >= in->low && s->sp < in->high) in->sp = s->sp;
}

/* A thread's own stack: in use from where it stands. What lies above that of a goroutine is the
 * thread's. */
static void scan_claim(const range *c, uintptr_t sp) {
    search in = {c->low, c->high, 0};
    uintptr_t here = (uintptr_t)__builtin_frame_address(0), from = c->low;
    gr__stop_each(stands_in, &in);
    if (in.sp)
        from = in.sp;
    else if (here >= c->low && here < c->high)
        from = sp ? sp : c->high;
    for (size_t i = 0; i < now->count; i++)
        if (now->all[i].apart && now->all[i].high > c->low && now->all[i].high <= c->high)
            from = now->all[i].high;
    scan_readable(from, c->high);
}

static void scan_registers(const gr__stander *s, void *argument) {
    (void)argument;
    gr__extent e;
    scan(s->low, s->high);
    /* A stack that is the program's own, of a coroutine or for signals. */
    if (gr__extent_find(s->sp, &e)) mark(s->sp);
}

static void mark_alarm(const gr__alarm *a, void *argument) {
    (void)argument;
    mark((uintptr_t)a);
    mark((uintptr_t)a->argument);
}

static void mark_word(uintptr_t value, void *argument) {
    (void)argument;
    mark(value);
}

static gr__root *roots;
static uint32_t roots_lock;
void gr__root_add(gr__root *root) {
    gr__door_lock(&roots_lock);
    root->previous = NULL;
    root->next = roots;
    if (roots) roots->previous = root;
    roots = root;
    gr__door_unlock(&roots_lock);
}
void gr__root_remove(gr__root *root) {
    gr__door_lock(&roots_lock);
    if (root->previous)
        root->previous->next = root->next;
    else
        roots = root->next;
    if (root->next) root->next->previous = root->previous;
    gr__door_unlock(&roots_lock);
}

static void scan_roots(uintptr_t sp) {
    if (!gr__kernel_words(mark_word, NULL)) failed = true;
    for (const gr__root *r = roots; r; r = r->next) mark((uintptr_t)r->pointer);
    gr__alarms_each(mark_alarm, NULL);
    gr__stop_each(scan_registers, NULL);
    for (size_t i = 0; i < now->count; i++) {
        gr__reach_item *w = &now->all[i];
        bool self = sp ? sp >= w->low && sp < w->high : w->g == gr__g_self();
        if (w->waits) continue;
        if (self && !sp)
            w->wakes = w->reached = true; /* it has returned */
        else
            reach_stack(w);
        w->wakes = true;
    }
    for (size_t i = 0; i < skip_count && !failed; i++)
        if (skips[i].claimed) scan_claim(&skips[i], sp);
    follow();
    scan_regions();
}

/* --- all of it --- */

static void *pages(size_t size) {
    void *p = gr__pages(size);
    if (!p) failed = true;
    return p;
}
#define STACK_ENTRIES ((size_t)((GR__STACKS_HIGH - GR__STACKS_LOW) >> STACK_UNIT))

static bool make_room(void) {
    size_t goroutines = 0;
    gr__g_visit(count, &goroutines);
    if (!goroutines) return false;
    now->room = goroutines;
    now->all = pages(now->room * sizeof *now->all);
    if (now->all) gr__g_visit(note, NULL);
    for (table_room = 64; table_room < 2 * edge_room; table_room *= 2) {}
    edges = pages((edge_room + 1) * sizeof *edges);
    table = pages(table_room * sizeof *table);
    stacks = pages(STACK_ENTRIES * sizeof *stacks);
    marks = pages(MARKS_SIZE);
    mark_room = MARKS_SIZE / sizeof *marks;
    regions = gr__regions_read(&region_count, &region_room);
    return !failed && regions;
}

static void look_for_pointers_in(void) {
    uintptr_t low, high;
    gr__extent_bounds(&low, &high);
    low_end = low < GR__STACKS_LOW ? low : GR__STACKS_LOW;
    if (apart_high > high) high = apart_high;
    if (high < GR__STACKS_HIGH) high = GR__STACKS_HIGH;
    span = high + 1 - low_end;
}

static range helper;
void gr__reach_helper(uintptr_t low, uintptr_t high) { helper = (range){low, high, false}; }

static void skip_what_is_ours(void) {
    uintptr_t low, high;
    skip(helper.low, helper.high, false);
    skip(GR__STACKS_LOW, GR__STACKS_HIGH, false);
    skip(GR__PAGES_LOW, GR__PAGES_HIGH, false);
    for (uintptr_t at = 0; gr__engine_memory(at, &low, &high); at = high) skip(low, high, false);
    gr__memory_accounts(&low, &high);
    skip(low, high, false);
    gr__stacks_each(skip_claim, NULL);
    for (size_t i = 0; i < now->count; i++)
        if (now->all[i].apart) skip(now->all[i].low, now->all[i].high, false);
}

bool gr__reach_find(gr__reach *reach, uintptr_t sp) {
    *reach = (gr__reach){NULL, 0, 0, 0};
    now = reach;
    failed = false;
    edge_count = 1;
    edge_room = skip_count = mark_count = region_last = 0;
    edges = NULL;
    table = NULL;
    stacks = NULL;
    marks = NULL;
    regions = NULL;
    following.from = NULL;
    following.logged = 0;
    if (!make_room()) return false;
    gr__stop_each(stands_there, NULL);
    if (sp) stands(sp);
    fill_stacks();
    for (size_t i = 0; i < now->count; i++) now->stuck += now->all[i].waits;
    if (!now->stuck) return true;
    look_for_pointers_in();
    skip_what_is_ours();
    for (size_t i = 0; i < now->count && !failed; i++) {
        gr__reach_item *w = &now->all[i];
        if (w->waits && !watch_all((uint32_t)i)) wake(w);
    }
    scan_roots(sp);
    gr__pages_present_end();
    return !failed;
}

bool gr__reach_from(gr__reach *reach, gr__reach_item *from,
                    void (*meets)(gr__reach_item *other, const void *object, void *argument),
                    void *argument) {
    now = reach;
    failed = false;
    following.from = from;
    following.meets = meets;
    following.argument = argument;
    following.words = FOLLOWED_WORDS;
    following.logged = following.stack_count = 0;
    mark_count = 0;
    reach_stack(from);
    follow();
    for (size_t i = 1; i <= following.logged; i++) gr__extent_unmark(marks[mark_room - i]);
    following.from = NULL;
    following.logged = 0;
    gr__pages_present_end();
    return !failed;
}

void gr__reach_end(gr__reach *reach) {
    gr__pages_present_end();
    gr__extent_unmark_all();
    if (reach->all) gr__pages_free(reach->all, reach->room * sizeof *reach->all);
    if (edges) gr__pages_free(edges, (edge_room + 1) * sizeof *edges);
    if (table) gr__pages_free(table, table_room * sizeof *table);
    if (stacks) gr__pages_free(stacks, STACK_ENTRIES * sizeof *stacks);
    if (marks) gr__pages_free(marks, MARKS_SIZE);
    if (regions) gr__pages_free(regions, region_room * sizeof *regions);
    now = NULL;
}
