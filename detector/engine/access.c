/* access.c - the access check: what is remembered of each byte, and what conflicts with it.
 * Granules one by one (history.h), the quick cases here. Conflicts are told when nothing is locked.
 */
#include "detector/engine/internal.h"

#include "detector/engine/access.h"
#include "detector/engine/pages.h"
#include "detector/engine/history.h"
#include "detector/engine/shared.h"

#define LARGE (64u * 1024u)        /* beyond: look only at shadow that was touched */
#define VAST (256u * 1024u)        /* beyond: give shadow back */
#define BOUNDLESS (1ull << 30)     /* beyond: without looking what was there; its lists are lost */
#define MAX_LOGGED (1ull << 31)    /* a size must fit an event */

static gr__table places;

bool gr__access_open(void) {
    return gr__pages_reserve(GR__SHADOW_LOW, GR__SHADOW_SIZE) && gr__table_open(&places) &&
           gr__history_open();
}

void gr__access_reset(void) {
    gr__pages_forget((void *)GR__SHADOW_LOW, GR__SHADOW_SIZE);
    gr__table_reset(&places);
    gr__history_reset();
}

/* Whoever comes to the first cell of a stretch like this may be on the way through all of it. A page that is read
 * first, as the fast path does, would cost two faults, the second with a call to all processors. */
#define AHEAD (16 * GR__PAGE)
static __attribute__((noinline, cold)) void expect_more(uint64_t *cell, uint32_t *place) {
    uintptr_t low = (uintptr_t)(cell + GR__PAGE / 8), first = (uintptr_t)place & ~(GR__PAGE - 1);
    gr__pages_expect((void *)low, AHEAD - GR__PAGE);
    gr__pages_expect((void *)(first + GR__PAGE), AHEAD / 2);
}

/* The common cases, with one atomic operation: nothing is remembered, or just what the new access covers,
 * or more of the same from the same place. A place that is read without the lock is right if the cell
 * has not changed: to a record that is ordered before us nothing is added any more. */
static inline __attribute__((always_inline)) bool
check_quickly(gr__actor *self, uint64_t *cell, uint32_t *place, const gr__alone *a) {
    uint64_t before = __atomic_load_n(cell, __ATOMIC_RELAXED), now = a->cell;
    if (before & (GR__CELL_LOCK | GR__CELL_MANY)) return false;
    if (before) {
        if (before == now && *place == a->place) return true;
        bool covers = gr__covers(a, before, *place);
        if (!gr__cell_same_epoch(before, now)) {
            if (!covers || !gr__is_before(before, self)) return false;
        } else if (!covers) {
            if ((before | now) & GR__CELL_PARTS || *place != a->place) return false;
            if (gr__cell_written(before) != (a->flags & GR__ACCESS_WRITE ? gr__cell_accessed(before) : 0))
                return false;
            now |= before;
        }
    }
    if (!__atomic_compare_exchange_n(cell, &before, now | GR__CELL_LOCK, false, __ATOMIC_ACQUIRE,
                                     __ATOMIC_RELAXED))
        return false;
    /* What was wiped has an old place. */
    bool fresh = __builtin_expect(!before && !((uintptr_t)cell & (AHEAD - 1)), 0) && !*place;
    *place = a->place;
    __atomic_store_n(cell, now, __ATOMIC_RELEASE);
    if (__builtin_expect(fresh, 0)) expect_more(cell, place);
    return true;
}

static __attribute__((noinline)) void check_further(gr__actor *self, uint64_t *cell, uint32_t *place,
                                                    uintptr_t granule, const gr__alone *a,
                                                    gr__conflicts *found) {
    /* Is it worth it to look for a step that self took before? */
    if ((*cell & GR__CELL_SHARED || gr__sweeps(self, a)) && gr__shared_apply_loc(self, cell, place, a)) return;
    gr__history_check(self, cell, place, granule, a, found);
}

static inline __attribute__((always_inline)) void check_word(gr__actor *self, uint64_t *cell, uint32_t *place,
                                                             uintptr_t granule, const gr__alone *a,
                                                             gr__conflicts *found) {
    self->checks++;
    if (!check_quickly(self, cell, place, a)) check_further(self, cell, place, granule, a, found);
}

static inline unsigned bytes_of(uintptr_t granule, uintptr_t low, uintptr_t high) {
    unsigned bytes = 255u;
    if (low > granule) bytes &= 255u << (low - granule);
    if (high < granule + GR__GRANULE) bytes &= 255u >> (granule + GR__GRANULE - high);
    return bytes & 255u;
}

static inline bool known(const gr__actor *self, uintptr_t granule, unsigned bytes, unsigned flags) {
    uint64_t cell = __atomic_load_n(gr__cell_of(granule), __ATOMIC_RELAXED);
    return !(flags & GR__ACCESS_ATOMIC) &&
           gr__cell_knows(cell, self->stamp, gr__access_test(bytes, flags & GR__ACCESS_WRITE));
}

/* A shared list, all of it ordered before us, and how many granules had it. */
typedef struct wiped { uint32_t list, granules; } wiped;

struct span {
    gr__actor *self;
    uintptr_t low, high;
    unsigned flags;
    gr__loc loc;
    bool wipe;          /* and forget all; with FREE only */
    gr__conflicts *found;
    gr__alone whole;    /* the access in a granule that it has all of */
    wiped *wiped;       /* with wipe: 1 << wiped_bits of them */
    unsigned wiped_bits;
};

static inline __attribute__((always_inline)) void check_granule(const struct span *s, uintptr_t granule,
                                                                uint32_t *place) {
    unsigned bytes = bytes_of(granule, s->low, s->high);
    if (known(s->self, granule, bytes, s->flags)) return;
    uint64_t *cell = gr__cell_of(granule);
    if (!*cell) gr__stack_mark(granule);
    if (bytes == 255u) {
        check_word(s->self, cell, place, granule, &s->whole, s->found);
        return;
    }
    gr__alone a;
    gr__alone_open(&a, s->self, s->loc, bytes, s->flags);
    check_word(s->self, cell, place, granule, &a, s->found);
}

static inline void wipe_granule(uintptr_t granule, unsigned bytes) {
    uint64_t *cell = gr__cell_of(granule);
    uint64_t before = __atomic_load_n(cell, __ATOMIC_RELAXED);
    if (!before) return;
    if (bytes == 255u && !(before & (GR__CELL_LOCK | GR__CELL_MANY)))
        __atomic_store_n(cell, 0, __ATOMIC_RELAXED); /* who is at work there puts back what it made */
    else
        gr__history_wipe(cell, gr__table_look(&places, granule), bytes);
}

static void settle_wiped(wiped *w) {
    if (w->granules) gr__shared_drop(w->list, w->granules);
    *w = (wiped){0, 0};
}

/* One shared list after the other is one of a few. True when there was one, and nothing to be told. */
static bool wipe_shared(const struct span *s, uint64_t *cell, uint64_t before) {
    if (!(before & GR__CELL_SHARED)) return false;
    uint32_t list = gr__shared_list(before);
    wiped *w = &s->wiped[list * 0x9e3779b1ull >> (32 - s->wiped_bits) & ((1u << s->wiped_bits) - 1)];
    bool seen = w->list == list && w->granules; /* then it is alive until we settle */
    if (seen) {
        if (!__atomic_compare_exchange_n(cell, &before, 0, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) return false;
        w->granules++;
        return true;
    }
    if (!__atomic_compare_exchange_n(cell, &before, before | GR__CELL_LOCK, false, __ATOMIC_ACQUIRE,
                                     __ATOMIC_RELAXED))
        return false;
    gr__record records[GR__SHARED_MAX];
    settle_wiped(w);
    bool ordered = true;
    for (unsigned k = gr__shared_read(list, records); k-- > 0;) ordered &= gr__is_before(records[k].cell, s->self);
    if (ordered) *w = (wiped){list, 1};
    __atomic_store_n(cell, ordered ? 0 : before, __ATOMIC_RELEASE);
    return ordered;
}

static void check_and_wipe(struct span *s, uintptr_t granule) {
    uint64_t *cell = gr__cell_of(granule), before = __atomic_load_n(cell, __ATOMIC_RELAXED);
    unsigned bytes = bytes_of(granule, s->low, s->high);
    if (!before) return;
    if (bytes == 255u && !(before & GR__CELL_LOCK)) {
        if (!(before & GR__CELL_MANY) && gr__is_before(before, s->self)) {
            __atomic_store_n(cell, 0, __ATOMIC_RELAXED);
            return;
        }
        if (wipe_shared(s, cell, before)) return;
    }
    uint32_t *place = gr__table_make(&places, granule);
    if (place) check_granule(s, granule, place);
    wipe_granule(granule, bytes);
}

static void check_cells(uintptr_t low, uintptr_t high, void *argument) {
    struct span *s = argument;
    if (s->wipe) {
        for (; low < high; low += GR__GRANULE) check_and_wipe(s, gr__granule_of(low));
        return;
    }
    while (low < high) { /* places lie side by side in one chunk of the table */
        uintptr_t granule = gr__granule_of(low), left = GR__TABLE_SPAN - (granule & (GR__TABLE_SPAN - 1));
        uintptr_t end = left < high - low ? low + left : high;
        uint32_t *place = gr__table_make(&places, granule);
        for (; place && low < end; low += GR__GRANULE, granule += GR__GRANULE) check_granule(s, granule, place++);
        low = end;
    }
}

static void wipe_and_settle(struct span *s, uintptr_t low, uintptr_t high, wiped *w, unsigned bits) {
    s->wiped = w;
    s->wiped_bits = bits;
    gr__pages_each_touched(low, high, check_cells, s);
    for (unsigned i = 0; i < 1u << bits; i++) settle_wiped(&w[i]);
}
static __attribute__((noinline)) void wipe_much(struct span *s, uintptr_t low, uintptr_t high) {
    wiped w[64] = {{0, 0}};
    wipe_and_settle(s, low, high, w, 6);
}
static void wipe_all(struct span *s, uintptr_t low, uintptr_t high) {
    wiped one = {0, 0};
    if (high - low > GR__PAGE) wipe_much(s, low, high);
    else wipe_and_settle(s, low, high, &one, 0);
}

static inline bool covered(uintptr_t address, size_t size) {
    return size && gr__shadow_covers(address) && gr__shadow_covers(address + size - 1) &&
           size <= GR__SHADOW_SIZE;
}

static void check_all(struct span *s) {
    gr__alone_open(&s->whole, s->self, s->loc, 255u, s->flags);
    uintptr_t first = s->low & ~(uintptr_t)(GR__GRANULE - 1), low = (uintptr_t)gr__cell_of(first);
    uintptr_t high = low + ((s->high - first + 7) & ~7ull);
    if (!s->wipe) check_cells(low, high, s);
    else wipe_all(s, low, high);
}

/* An access within one granule that has a place: check_all without its general ways. */
static inline __attribute__((always_inline)) void check_small(gr__actor *self, uintptr_t address, uint32_t *place,
                                                              unsigned bytes, unsigned flags, gr__loc loc,
                                                              gr__conflicts *found) {
    uint64_t *cell = gr__cell_of(address);
    if (__builtin_expect(!__atomic_load_n(cell, __ATOMIC_RELAXED), 0)) gr__stack_mark(address);
    gr__alone a;
    gr__alone_open(&a, self, loc, bytes, flags);
    check_word(self, cell, place, address & ~(uintptr_t)(GR__GRANULE - 1), &a, found);
}

void gr__access_check(gr__actor *self, uintptr_t address, size_t size, unsigned flags, gr__loc loc,
                      gr__conflicts *found) {
    found->count = 0;
    if (!covered(address, size) || self->ignore > 0 || gr__trie_exhausted()) return;
    self->accessed = true;
    unsigned offset = address & 7u;
    uint32_t *place = offset + size <= 8 ? gr__table_look(&places, address) : NULL;
    if (place) {
        check_small(self, address, place, ((1u << size) - 1) << offset, flags, loc, found);
        return;
    }
    struct span s = {.self = self, .low = address, .high = address + size, .flags = flags, .loc = loc,
                     .found = found};
    check_all(&s);
}

void gr__access_free(gr__actor *self, uintptr_t address, size_t size, bool wipe, gr__loc loc,
                     gr__conflicts *found) {
    found->count = 0;
    if (!covered(address, size)) return;
    if (gr__trie_exhausted()) {
        if (wipe) gr__access_wipe(address, size);
        return;
    }
    self->accessed = true;
    struct span s = {.self = self, .low = address, .high = address + size,
                     .flags = GR__ACCESS_WRITE | GR__ACCESS_FREE, .loc = loc, .wipe = wipe, .found = found};
    check_all(&s);
}

void gr__access_tell(gr__actor *self, uintptr_t address, size_t size, unsigned flags, gr__loc loc,
                     const gr__conflicts *found) {
    gr__conflict_side now = {self->id, address, size > UINT32_MAX ? UINT32_MAX : (uint32_t)size, flags, loc};
    for (unsigned i = 0; i < found->count; i++) {
        uint64_t epoch = found->earlier[i].epoch;
        gr__part part = found->earlier[i].part;
        unsigned low = (unsigned)__builtin_ctz(part.bytes), high = 32u - (unsigned)__builtin_clz(part.bytes);
        gr__conflict_side earlier = {gr__actor_at(gr__cell_slot(epoch), gr__cell_clock(epoch)),
                                     found->earlier[i].granule + low, high - low, part.flags, part.loc};
        gr__engine_hooks_now.race(self, &now, &earlier);
    }
}

static inline bool all_known(const gr__actor *self, uintptr_t address, size_t size, unsigned flags) {
    uintptr_t last = address + size - 1;
    bool write = flags & GR__ACCESS_WRITE;
    unsigned first_bytes = 255u << (address & 7) & 255u, last_bytes = 255u >> (7 - (last & 7));
    const uint64_t *cell = gr__cell_of(address), *end = gr__cell_of(last);
    uint64_t stamp = self->stamp, test = gr__access_test(255u, write);
    if (flags & GR__ACCESS_ATOMIC) return false;
    if (cell == end) first_bytes &= last_bytes;
    if (!gr__cell_knows(__atomic_load_n(cell, __ATOMIC_RELAXED), stamp, gr__access_test(first_bytes, write)))
        return false;
    if (cell == end) return true;
    while (++cell < end)
        if (!gr__cell_knows(__atomic_load_n(cell, __ATOMIC_RELAXED), stamp, test)) return false;
    return gr__cell_knows(__atomic_load_n(end, __ATOMIC_RELAXED), stamp, gr__access_test(last_bytes, write));
}

void gr__access_range(gr__actor *self, uintptr_t address, size_t size, unsigned flags, uintptr_t pc) {
    if (size - 1 < 64 && covered(address, size) && all_known(self, address, size, flags)) return;
    while (size > MAX_LOGGED) {
        gr__access(self, address, MAX_LOGGED, flags, pc);
        address += MAX_LOGGED;
        size -= MAX_LOGGED;
    }
    gr__access(self, address, size, flags, pc);
}

static __attribute__((noinline)) void check_and_tell(gr__actor *self, uintptr_t address, size_t size,
                                                     unsigned flags, gr__loc loc) {
    gr__conflicts found;
    gr__access_check(self, address, size, flags, loc, &found);
    gr__actor_leave(self);
    if (found.count) gr__access_tell(self, address, size, flags, loc, &found);
}

static __attribute__((noinline)) void access_generally(gr__actor *self, uintptr_t address, size_t size,
                                                       unsigned flags, uintptr_t pc) {
    if (!covered(address, size) || self->ignore > 0 || !gr__actor_enter(self)) return;
    /* Of the others the fast path has asked. */
    bool asked = (address & 7u) + size <= 8 && !(flags & ~(unsigned)GR__ACCESS_WRITE);
    if (!asked && all_known(self, address, size, flags)) {
        gr__actor_leave(self);
        return;
    }
    gr__loc loc = gr__loc_get(self->context, pc);
    gr__log(self, GR__EVENT_ACCESS, flags, address, (uint32_t)size, loc);
    check_and_tell(self, address, size, flags, loc);
}

/* What others read, and self too: a step that it takes again and again. False: nothing was done. */
static inline __attribute__((always_inline)) bool access_shared(gr__actor *self, uint64_t *cell, uint64_t before,
                                                                unsigned bytes, bool write, uintptr_t pc) {
    if (gr__shared_knows(self, before, gr__access_test(bytes, write))) return true;
    gr__engine_go_in();
    uint64_t access = self->stamp >> GR__CELL_EPOCH << GR__CELL_EPOCH | gr__cell_bytes(bytes, write);
    bool done = gr__shared_apply(self, cell, NULL, access, self->context, pc);
    self->accessed |= done;
    self->checks += done;
    gr__engine_come_out();
    return done;
}

/* What is remembered is nothing, or one record of plain accesses that is ordered before self and that this one covers:
 * check_quickly without all else, for it is most of what the fast path leaves. False: nothing was done. */
static inline __attribute__((always_inline)) bool access_alone(gr__actor *self, uintptr_t address, uint64_t *cell,
                                                               uint32_t *place, uint64_t before, unsigned bytes,
                                                               bool write, uintptr_t pc) {
    if (before & (GR__CELL_LOCK | GR__CELL_MANY | GR__CELL_PARTS)) return false;
    if (before ? gr__cell_accessed(before) & ~bytes || (!write && gr__cell_written(before))
               : !((uintptr_t)cell & (AHEAD - 1)) || address - GR__STACKS_LOW < GR__STACKS_HIGH - GR__STACKS_LOW)
        return false;
    gr__engine_go_in();
    bool done = !before || gr__is_before(before, self);
    if (done) {
        uint64_t now = self->stamp >> GR__CELL_EPOCH << GR__CELL_EPOCH | gr__cell_bytes(bytes, write);
        gr__loc loc = gr__loc_get(self->context, pc);
        done = __atomic_compare_exchange_n(cell, &before, now | GR__CELL_LOCK, false, __ATOMIC_ACQUIRE,
                                           __ATOMIC_RELAXED);
        if (done) {
            self->accessed = true;
            self->checks++;
            *place = loc;
            __atomic_store_n(cell, now, __ATOMIC_RELEASE);
        }
    }
    gr__engine_come_out();
    return done;
}

/* The rest of what is in one granule. */
static __attribute__((noinline)) void access_small(gr__actor *self, uintptr_t address, uint32_t *place, unsigned bytes,
                                                   size_t size, unsigned flags, uintptr_t pc) {
    gr__conflicts found;
    found.count = 0;
    gr__actor_enter(self);
    gr__loc loc = gr__loc_get(self->context, pc);
    self->accessed = true;
    check_small(self, address, place, bytes, flags, loc, &found);
    gr__actor_leave(self);
    if (__builtin_expect(found.count, 0)) gr__access_tell(self, address, size, flags, loc, &found);
}

/* All of two granules; of them one may be known, and then its first access stands for this one. False: nothing was
 * done, for want of places. */
static __attribute__((noinline)) bool access_two(gr__actor *self, uintptr_t address, unsigned flags, uintptr_t pc) {
    uint32_t *first = gr__table_look(&places, address), *second;
    if (!first || !gr__shadow_covers(address + 8) || !(second = gr__table_look(&places, address + 8))) return false;
    gr__conflicts found;
    found.count = 0;
    gr__actor_enter(self);
    gr__loc loc = gr__loc_get(self->context, pc);
    self->accessed = true;
    if (!known(self, address, 255u, flags)) check_small(self, address, first, 255u, flags, loc, &found);
    if (!known(self, address + 8, 255u, flags)) check_small(self, address + 8, second, 255u, flags, loc, &found);
    gr__actor_leave(self);
    if (__builtin_expect(found.count, 0)) gr__access_tell(self, address, 16, flags, loc, &found);
    return true;
}

/* Plain accesses of programs that leave no trace go no general ways. */
void gr__access(gr__actor *self, uintptr_t address, size_t size, unsigned flags, uintptr_t pc) {
    uint64_t *cell = gr__cell_of(address);
    uint32_t *place;
    unsigned offset = address & 7u;
    if (flags > GR__ACCESS_WRITE || self->flags || self->ignore > 0 || !gr__shadow_covers(address) ||
        gr__engine_hooks_now.log) {
        access_generally(self, address, size, flags, pc);
    } else if (offset + size <= 8 && (place = gr__table_look(&places, address))) {
        unsigned bytes = ((1u << size) - 1) << offset;
        uint64_t before = __atomic_load_n(cell, __ATOMIC_RELAXED);
        if (!(before & GR__CELL_SHARED ? access_shared(self, cell, before, bytes, flags, pc)
                                       : access_alone(self, address, cell, place, before, bytes, flags, pc)))
            access_small(self, address, place, bytes, size, flags, pc);
    } else if (size != 16 || offset || !access_two(self, address, flags, pc)) {
        access_generally(self, address, size, flags, pc);
    }
}

static void wipe_cells(uintptr_t low, uintptr_t high, void *argument) {
    const struct span *s = argument;
    for (; low < high; low += GR__GRANULE) {
        uintptr_t granule = gr__granule_of(low);
        wipe_granule(granule, bytes_of(granule, s->low, s->high));
    }
}

void gr__access_wipe(uintptr_t address, size_t size) {
    if (!covered(address, size)) return;
    struct span s = {.low = address, .high = address + size};
    uintptr_t low = (uintptr_t)gr__cell_of(address);
    uintptr_t high = low + ((address % GR__GRANULE + size + 7) & ~7ull);
    /* Whole pages of cells, but for the last: edges may hold another's granule. */
    uintptr_t page = (low + GR__PAGE - 1) & ~(GR__PAGE - 1), last = (high & ~(GR__PAGE - 1)) - GR__PAGE;
    if (size <= LARGE) wipe_cells(low, high, &s);
    else if (size < BOUNDLESS) gr__pages_each_touched(low, high, wipe_cells, &s);
    else {
        wipe_cells(low, page, &s);
        wipe_cells(last, high, &s);
    }
    if (size >= VAST && last > page) gr__pages_forget((void *)page, last - page);
}
