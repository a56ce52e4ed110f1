/* access.c - the access check: what is remembered of each byte, and what conflicts with it.
 * A cell, its word in the table of places and its list belong to who set the cell's lock bit. The
 * bit is held for a walk of the list only; conflicts are told later.
 */
#include "detector/engine/internal.h"

#include "detector/engine/access.h"
#include "detector/engine/pages.h"

#define RECORDS 0xfffffff0u
#define LARGE (64u * 1024u)        /* beyond: look only at shadow that was touched */
#define VAST (256u * 1024u)        /* beyond: give shadow back */
#define BOUNDLESS (1ull << 30)     /* beyond: without looking what was there; its lists are lost */
#define MAX_LOGGED (1ull << 31)    /* a size must fit an event */

/* A remembered access of a granule that has many; the record is made like a cell. */
typedef struct record { uint32_t next; gr__loc loc; uint64_t cell; } record;

static gr__pool records;
static gr__table places;

bool gr__access_open(void) {
    return gr__pages_reserve(GR__SHADOW_LOW, GR__SHADOW_SIZE) && gr__table_open(&places) &&
           gr__pool_open(&records, sizeof(record), RECORDS);
}

void gr__access_reset(void) {
    gr__pages_forget((void *)GR__SHADOW_LOW, GR__SHADOW_SIZE);
    gr__table_reset(&places);
    gr__pool_reset(&records);
}

uint64_t gr__access_records(void) { return gr__pool_used(&records); }

static record *at(uint32_t id) { return gr__pool_at(&records, id); }

static uint64_t lock(uint64_t *cell) {
    unsigned turns = 0;
    for (;;) {
        uint64_t v = __atomic_load_n(cell, __ATOMIC_RELAXED);
        if (!(v & GR__CELL_LOCK) &&
            __atomic_compare_exchange_n(cell, &v, v | GR__CELL_LOCK, false, __ATOMIC_ACQUIRE,
                                        __ATOMIC_RELAXED))
            return v;
        gr__spin_wait(&turns);
    }
}

static void unlock(uint64_t *cell, uint64_t value) {
    __atomic_store_n(cell, value, __ATOMIC_RELEASE);
}

static bool same_epoch(uint64_t a, uint64_t b) { return !((a ^ b) >> GR__CELL_EPOCH); }
static uint64_t masks(unsigned bytes) {
    return (uint64_t)bytes << GR__CELL_ACCESSED | (uint64_t)bytes << GR__CELL_WRITTEN;
}

static void conflict(gr__conflicts *found, uint64_t earlier, uintptr_t granule, gr__loc loc) {
    for (unsigned i = 0; i < found->count; i++)
        if (found->earlier[i].loc == loc &&
            gr__cell_slot(found->earlier[i].record) == gr__cell_slot(earlier)) return;
    if (found->count == GR__CONFLICTS_MAX) return;
    found->earlier[found->count].record = earlier;
    found->earlier[found->count].granule = granule;
    found->earlier[found->count++].loc = loc;
}

/* An access that is being checked, in one granule. */
typedef struct fresh {
    gr__actor *self;
    uint64_t cell;      /* as a record */
    unsigned left;      /* bytes that no record of this epoch stands for already */
    uintptr_t granule;
    gr__loc loc;
    gr__conflicts *found;
} fresh;

/* Hold the new access against an old one; returns what of the old must still be remembered. */
static uint64_t meet(fresh *f, uint64_t old, gr__loc loc) {
    unsigned overlap = gr__cell_accessed(old) & gr__cell_accessed(f->cell);
    if (!overlap) return old;
    bool old_writes = gr__cell_written(old), writes = gr__cell_written(f->cell);
    bool old_atomic = old & GR__CELL_ATOMIC, atomic = f->cell & GR__CELL_ATOMIC;
    uint32_t slot = gr__cell_slot(old);
    if (slot != f->self->slot && gr__clock_get(f->self->others, slot) < gr__cell_clock(old)) {
        if ((writes || old_writes) && !(atomic && old_atomic))
            conflict(f->found, old, f->granule, loc);
        return old;
    }
    /* In one epoch the first of two that are as strong stands for both. */
    if (same_epoch(old, f->cell) && (old_writes || !writes) && (!old_atomic || atomic))
        f->left &= ~overlap;
    else if ((writes || !old_writes) && (!atomic || old_atomic))
        old &= ~masks(overlap);
    return old;
}

/* Put a record before `list`. Without room it is not remembered. */
static uint32_t push(uint32_t list, uint64_t cell, gr__loc loc) {
    uint32_t id = gr__pool_take(&records);
    if (!id) return list;
    *at(id) = (record){list, loc, cell};
    return id;
}

/* One record for both accesses, when their place and kind are the same. */
static bool merge(uint64_t *old, gr__loc old_loc, uint64_t cell, gr__loc loc) {
    const uint64_t kind = GR__CELL_ATOMIC | GR__CELL_FREE | GR__CELL_CHANNEL | GR__CELL_VPTR;
    if (old_loc != loc || !same_epoch(*old, cell) || ((*old ^ cell) & kind) ||
        !gr__cell_written(*old) != !gr__cell_written(cell)) return false;
    *old |= cell;
    return true;
}

/* The cell over a list: what this actor did in this epoch since somebody else came by. */
static uint64_t filter(uint64_t before, uint64_t cell) {
    if (same_epoch(before, cell) && !(before & GR__CELL_ATOMIC))
        return GR__CELL_MANY | (cell & GR__CELL_ATOMIC ? before : before | cell);
    return GR__CELL_MANY | cell;
}

static uint64_t check_list(fresh *f, uint64_t cell, uint32_t *place) {
    uint32_t *link = place, id;
    bool merged = false;
    while ((id = *link)) {
        record *r = at(id);
        r->cell = meet(f, r->cell, r->loc);
        if (gr__cell_accessed(r->cell)) {
            link = &r->next;
            continue;
        }
        *link = r->next;
        gr__pool_give(&records, id);
    }
    uint64_t rest = f->cell & ~masks(~f->left & 255u);
    for (id = f->left ? *place : 0; id && !merged; id = at(id)->next)
        merged = merge(&at(id)->cell, at(id)->loc, rest, f->loc);
    if (f->left && !merged) *place = push(*place, rest, f->loc);
    uint64_t now = filter(cell, f->cell);
    id = *place;
    if (id && !at(id)->next && same_epoch(at(id)->cell, f->cell)) {
        now = at(id)->cell;
        *place = at(id)->loc;
        gr__pool_give(&records, id);
    } else if (!id) now = 0;
    return now;
}

static uint64_t check_single(fresh *f, uint64_t cell, uint32_t *place) {
    uint64_t old = cell ? meet(f, cell, *place) : 0;
    if (!f->left) return old;
    uint64_t rest = f->cell & ~masks(~f->left & 255u);
    if (!gr__cell_accessed(old)) {
        *place = f->loc;
        return rest;
    }
    if (merge(&old, *place, rest, f->loc)) return old;
    *place = push(push(0, old, *place), rest, f->loc);
    return filter(cell, f->cell);
}

static unsigned bytes_of(uintptr_t granule, uintptr_t low, uintptr_t high) {
    unsigned bytes = 255u;
    if (low > granule) bytes &= 255u << (low - granule);
    if (high < granule + GR__GRANULE) bytes &= 255u >> (granule + GR__GRANULE - high);
    return bytes & 255u;
}

static bool known(gr__actor *self, uintptr_t granule, unsigned bytes, unsigned flags) {
    uint64_t cell = __atomic_load_n(gr__cell_of(granule), __ATOMIC_RELAXED);
    return !(flags & GR__ACCESS_ATOMIC) && gr__cell_knows(cell ^ self->stamp, bytes, flags);
}

struct span {
    gr__actor *self;
    uintptr_t low, high;
    unsigned flags;
    gr__loc loc;
    gr__conflicts *found;
};

static void check_granule(const struct span *s, uintptr_t granule) {
    unsigned bytes = bytes_of(granule, s->low, s->high);
    if (known(s->self, granule, bytes, s->flags)) return;
    uint32_t *place = gr__table_make(&places, granule);
    if (!place) return;
    gr__stack_mark(granule);
    unsigned marks = (s->flags & GR__ACCESS_FREE ? GR__CELL_FREE : 0u) |
                     (s->flags & GR__ACCESS_CHANNEL ? GR__CELL_CHANNEL : 0u) |
                     (s->flags & GR__ACCESS_VPTR ? GR__CELL_VPTR : 0u);
    fresh f = {s->self, gr__cell_epoch(s->self->slot, s->self->clock), bytes, granule, s->loc,
               s->found};
    f.cell |= (uint64_t)bytes << GR__CELL_ACCESSED | marks;
    if (s->flags & GR__ACCESS_WRITE) f.cell |= (uint64_t)bytes << GR__CELL_WRITTEN;
    if (s->flags & GR__ACCESS_ATOMIC) f.cell |= GR__CELL_ATOMIC;
    uint64_t *cell = gr__cell_of(granule);
    uint64_t before = lock(cell);
    unlock(cell, before & GR__CELL_MANY ? check_list(&f, before, place)
                                        : check_single(&f, before, place));
}

static void check_cells(uintptr_t low, uintptr_t high, void *argument) {
    for (; low < high; low += GR__GRANULE) check_granule(argument, low ^ GR__SHADOW_FLIP);
}

static bool covered(uintptr_t address, size_t size) {
    return size && gr__shadow_covers(address) && gr__shadow_covers(address + size - 1) &&
           size <= GR__SHADOW_SIZE;
}

void gr__access_check(gr__actor *self, uintptr_t address, size_t size, unsigned flags, gr__loc loc,
                      gr__conflicts *found) {
    found->now = (gr__conflict_side){self->id, address, size > UINT32_MAX ? UINT32_MAX : (uint32_t)size,
                                     flags, loc};
    found->count = 0;
    if (!covered(address, size) || self->ignore > 0 || gr__clock_exhausted()) return;
    self->accessed = true;
    GR__COUNT(accesses);
    struct span s = {self, address, address + size, flags, loc, found};
    uintptr_t first = address & ~(uintptr_t)(GR__GRANULE - 1);
    if (flags & GR__ACCESS_FREE && size > LARGE) {
        uintptr_t low = (uintptr_t)gr__cell_of(first);
        gr__pages_each_touched(low, low + ((s.high - first + 7) & ~7ull), check_cells, &s);
        return;
    }
    for (uintptr_t g = first; g < s.high; g += GR__GRANULE) check_granule(&s, g);
}

void gr__access_tell(gr__actor *self, const gr__conflicts *found) {
    for (unsigned i = 0; i < found->count; i++) {
        uint64_t r = found->earlier[i].record;
        unsigned bytes = gr__cell_accessed(r);
        unsigned low = (unsigned)__builtin_ctz(bytes), high = 32u - (unsigned)__builtin_clz(bytes);
        gr__conflict_side earlier = {
            gr__actor_at(gr__cell_slot(r), gr__cell_clock(r)), found->earlier[i].granule + low,
            high - low,
            (gr__cell_written(r) ? GR__ACCESS_WRITE : 0u) |
                (r & GR__CELL_ATOMIC ? GR__ACCESS_ATOMIC : 0u) |
                (r & GR__CELL_FREE ? GR__ACCESS_FREE : 0u) |
                (r & GR__CELL_CHANNEL ? GR__ACCESS_CHANNEL : 0u) |
                (r & GR__CELL_VPTR ? GR__ACCESS_VPTR : 0u),
            found->earlier[i].loc};
        gr__engine_hooks_now.race(self, &found->now, &earlier);
    }
}

static bool all_known(gr__actor *self, uintptr_t address, size_t size, unsigned flags) {
    for (uintptr_t g = address & ~(uintptr_t)(GR__GRANULE - 1); g < address + size; g += GR__GRANULE)
        if (!known(self, g, bytes_of(g, address, address + size), flags)) return false;
    return true;
}

void gr__access_range(gr__actor *self, uintptr_t address, size_t size, unsigned flags, uintptr_t pc) {
    while (size > MAX_LOGGED) {
        gr__access(self, address, MAX_LOGGED, flags, pc);
        address += MAX_LOGGED;
        size -= MAX_LOGGED;
    }
    gr__access(self, address, size, flags, pc);
}

void gr__access(gr__actor *self, uintptr_t address, size_t size, unsigned flags, uintptr_t pc) {
    if (!covered(address, size) || self->ignore > 0 || !gr__actor_enter(self)) return;
    if (all_known(self, address, size, flags)) {
        gr__actor_leave(self);
        return;
    }
    gr__loc loc = gr__loc_child(self->context, pc);
    gr__conflicts found;
    gr__log(self, GR__EVENT_ACCESS, flags, address, (uint32_t)size, loc);
    gr__access_check(self, address, size, flags, loc, &found);
    gr__actor_leave(self);
    if (found.count) gr__access_tell(self, &found);
}

static void wipe_granule(uintptr_t granule, unsigned bytes) {
    uint64_t *cell = gr__cell_of(granule);
    if (!__atomic_load_n(cell, __ATOMIC_RELAXED)) return;
    uint64_t v = lock(cell);
    if (!(v & GR__CELL_MANY)) {
        v &= ~masks(bytes);
        unlock(cell, gr__cell_accessed(v) ? v : 0);
        return;
    }
    uint32_t *link = gr__table_look(&places, granule), id;
    uint32_t *place = link;
    while ((id = *link)) {
        record *r = at(id);
        r->cell &= ~masks(bytes);
        if (gr__cell_accessed(r->cell)) {
            link = &r->next;
            continue;
        }
        *link = r->next;
        gr__pool_give(&records, id);
    }
    unlock(cell, *place ? v & ~masks(bytes) : 0);
}

static void wipe_cells(uintptr_t low, uintptr_t high, void *argument) {
    const struct span *s = argument;
    for (; low < high; low += GR__GRANULE) {
        uintptr_t granule = low ^ GR__SHADOW_FLIP;
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
