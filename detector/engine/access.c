/* access.c - the access check: what is remembered of each byte, and what conflicts with it.
 * A cell, its word in the table of places and its list belong to who set the cell's lock bit. The
 * bit is held for a walk of the list only; conflicts are told later.
 */
#include "detector/engine/internal.h"

#include "detector/engine/access.h"
#include "detector/engine/pages.h"
#include "detector/engine/record.h"

#define RECORDS 0xfffffff0u
#define LARGE (64u * 1024u)        /* beyond: look only at shadow that was touched */
#define VAST (256u * 1024u)        /* beyond: give shadow back */
#define BOUNDLESS (1ull << 30)     /* beyond: without looking what was there; its lists are lost */
#define MAX_LOGGED (1ull << 31)    /* a size must fit an event */

/* A record of a granule that has many. */
typedef struct record { uint32_t next; gr__loc place; uint64_t cell; } record;

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

static void conflict(gr__conflicts *found, uint64_t epoch, uintptr_t granule, gr__part earlier) {
    for (unsigned i = 0; i < found->count; i++)
        if (found->earlier[i].part.loc == earlier.loc &&
            gr__cell_slot(found->earlier[i].epoch) == gr__cell_slot(epoch)) return;
    if (found->count == GR__CONFLICTS_MAX) return;
    found->earlier[found->count].epoch = epoch;
    found->earlier[found->count].granule = granule;
    found->earlier[found->count++].part = earlier;
}

/* An access that is being checked, in one granule. */
typedef struct fresh {
    gr__actor *self;
    uint64_t epoch;
    gr__part part;
    unsigned left;      /* bytes that no part of this epoch stands for already */
    uintptr_t granule;
    gr__conflicts *found;
} fresh;

/* Whatever conflicts with b conflicts with a. */
static bool no_weaker(unsigned a, unsigned b) {
    return (a & GR__ACCESS_WRITE || !(b & GR__ACCESS_WRITE)) &&
           (!(a & GR__ACCESS_ATOMIC) || b & GR__ACCESS_ATOMIC);
}
static bool conflicting(unsigned a, unsigned b) {
    return (a | b) & GR__ACCESS_WRITE && !(a & b & GR__ACCESS_ATOMIC);
}

static bool is_before(uint64_t cell, const gr__actor *self) {
    uint32_t slot = gr__cell_slot(cell);
    return slot == self->slot || gr__actor_knows(self, slot, gr__cell_clock(cell));
}

/* Hold the new access against a record; leaves of the record what must still be remembered. */
static void meet(fresh *f, uint64_t *cell, gr__loc *place) {
    gr__part parts[GR__PARTS_MAX];
    unsigned count = gr__record_open(*cell, *place, parts);
    bool ordered = is_before(*cell, f->self), changed = false;
    bool same = gr__cell_same_epoch(*cell, f->epoch);
    for (unsigned i = 0; i < count; i++) {
        unsigned overlap = parts[i].bytes & f->part.bytes;
        if (!overlap) continue;
        if (!ordered) {
            if (conflicting(parts[i].flags, f->part.flags))
                conflict(f->found, *cell, f->granule, parts[i]);
        } else if (same && no_weaker(parts[i].flags, f->part.flags)) {
            /* In one epoch the first of two that are as strong stands for both. */
            f->left &= ~overlap;
        } else if (no_weaker(f->part.flags, parts[i].flags)) {
            parts[i].bytes &= (uint8_t)~overlap;
            changed = true;
        }
    }
    if (changed) gr__record_close(parts, count, cell, place);
}

/* The new access joins a record of its own epoch. */
static void add(const fresh *f, uint64_t *cell, gr__loc *place) {
    gr__part part = {f->part.loc, (uint8_t)f->left, f->part.flags};
    gr__part parts[GR__PARTS_MAX];
    unsigned count = gr__record_open(*cell, *place, parts);
    for (unsigned i = 0; i < count; i++) {
        if (parts[i].loc != part.loc || parts[i].flags != part.flags) continue;
        parts[i].bytes |= part.bytes;
        gr__record_close(parts, count, cell, place);
        return;
    }
    if (count == GR__PARTS_MAX) return; /* can't be: see record.h */
    parts[count++] = part;
    gr__record_close(parts, count, cell, place);
}

/* Put a record before `list`. Without room it is not remembered. */
static uint32_t push(uint32_t list, uint64_t cell, gr__loc place) {
    uint32_t id = gr__pool_take(&records);
    if (!id) return list;
    *at(id) = (record){list, place, cell};
    return id;
}

/* The cell over a list: what this actor did in this epoch since somebody else came by. */
static uint64_t filter(uint64_t before, const fresh *f) {
    uint64_t now = gr__cell_same_epoch(before, f->epoch) ? before & GR__CELL_ALL : 0;
    if (!(f->part.flags & GR__ACCESS_ATOMIC))
        now |= gr__cell_bytes(f->part.bytes, f->part.flags & GR__ACCESS_WRITE);
    return GR__CELL_MANY | f->epoch | now;
}

static uint64_t check_list(fresh *f, uint64_t before, uint32_t *place) {
    uint32_t *link = place, id, spare = 0;
    record *mine = NULL;
    while ((id = *link)) {
        record *r = at(id);
        meet(f, &r->cell, &r->place);
        if (gr__cell_same_epoch(r->cell, f->epoch)) mine = r;
        else if (gr__record_empty(r->cell)) {
            *link = r->next;
            if (spare) gr__pool_give(&records, spare);
            spare = id;
            continue;
        }
        link = &r->next;
    }
    if (!mine && f->left) {
        if (!spare) spare = gr__pool_take(&records);
        if (spare) {
            mine = at(spare);
            *mine = (record){*place, 0, f->epoch};
            *place = spare;
            spare = 0;
        }
    }
    if (spare) gr__pool_give(&records, spare);
    if (mine && f->left) add(f, &mine->cell, &mine->place);
    uint64_t now = filter(before, f);
    if (!(id = *place)) return 0;
    if (!at(id)->next) { /* alone */
        now = at(id)->cell;
        *place = at(id)->place;
        gr__pool_give(&records, id);
    }
    return now;
}

static uint64_t check_single(fresh *f, uint64_t cell, uint32_t *place) {
    if (cell) meet(f, &cell, place);
    if (!f->left) return cell;
    if (gr__record_empty(cell)) {
        cell = f->epoch;
        *place = 0;
    }
    if (gr__cell_same_epoch(cell, f->epoch)) {
        add(f, &cell, place);
        return cell;
    }
    uint64_t mine = f->epoch;
    gr__loc of_mine = 0;
    add(f, &mine, &of_mine);
    *place = push(push(0, cell, *place), mine, of_mine);
    return filter(0, f);
}

static void check_slowly(gr__actor *self, uint64_t *cell, uint32_t *place, uintptr_t granule,
                         gr__part part, gr__conflicts *found) {
    fresh f = {self, gr__cell_epoch(self->slot, self->clock), part, part.bytes, granule, found};
    uint64_t before = lock(cell);
    unlock(cell, before & GR__CELL_MANY ? check_list(&f, before, place) : check_single(&f, before, place));
}

/* An access that is the same in many granules: as a record of its own. */
typedef struct alone { uint64_t cell; gr__loc place; gr__part part; } alone;

static inline alone alone_of(const gr__actor *self, gr__part part) {
    alone a = {self->stamp >> GR__CELL_EPOCH << GR__CELL_EPOCH, part.loc, part};
    if (!(part.flags & ~(unsigned)GR__ACCESS_WRITE))
        a.cell |= gr__cell_bytes(part.bytes, part.flags & GR__ACCESS_WRITE);
    else
        gr__record_close(&part, 1, &a.cell, &a.place);
    return a;
}

/* The common cases, with one atomic operation: nothing is remembered, or just what the new access covers,
 * or more of the same from the same place. A place that is read without the lock is right if the cell
 * has not changed: to a record that is ordered before us nothing is added any more. */
static inline bool check_quickly(gr__actor *self, uint64_t *cell, uint32_t *place, const alone *a) {
    uint64_t before = __atomic_load_n(cell, __ATOMIC_RELAXED), now = a->cell;
    if (before & (GR__CELL_LOCK | GR__CELL_MANY)) return false;
    if (before) {
        unsigned bytes = a->part.bytes, flags = a->part.flags;
        bool covers = before & GR__CELL_PARTS
                          ? *place == a->place || (bytes == 255u && no_weaker(flags, GR__ACCESS_WRITE))
                          : !(gr__cell_accessed(before) & ~bytes) &&
                                no_weaker(flags, gr__cell_written(before) ? GR__ACCESS_WRITE : 0);
        if (!gr__cell_same_epoch(before, now)) {
            if (!covers || !is_before(before, self)) return false;
        } else if (!covers) {
            if ((before | now) & GR__CELL_PARTS || *place != a->place) return false;
            if (gr__cell_written(before) != (flags & GR__ACCESS_WRITE ? gr__cell_accessed(before) : 0))
                return false;
            now |= before;
        }
    }
    if (!__atomic_compare_exchange_n(cell, &before, now | GR__CELL_LOCK, false, __ATOMIC_ACQUIRE,
                                     __ATOMIC_RELAXED))
        return false;
    *place = a->place;
    unlock(cell, now);
    return true;
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

static void forget_bytes(uint64_t *cell, gr__loc *place, unsigned bytes) {
    gr__part parts[GR__PARTS_MAX];
    unsigned count = gr__record_open(*cell, *place, parts);
    for (unsigned i = 0; i < count; i++) parts[i].bytes &= (uint8_t)~bytes;
    gr__record_close(parts, count, cell, place);
}

static void wipe_granule(uintptr_t granule, unsigned bytes) {
    uint64_t *cell = gr__cell_of(granule);
    uint64_t before = __atomic_load_n(cell, __ATOMIC_RELAXED);
    if (!before) return;
    if (bytes == 255u && !(before & (GR__CELL_LOCK | GR__CELL_MANY))) {
        /* Whoever is at work there meanwhile puts back what it made. */
        __atomic_store_n(cell, 0, __ATOMIC_RELAXED);
        return;
    }
    before = lock(cell);
    uint32_t *place = gr__table_look(&places, granule), *link = place, id;
    if (!(before & GR__CELL_MANY)) {
        forget_bytes(&before, place, bytes);
        unlock(cell, gr__record_empty(before) ? 0 : before);
        return;
    }
    while ((id = *link)) {
        record *r = at(id);
        forget_bytes(&r->cell, &r->place, bytes);
        if (!gr__record_empty(r->cell)) {
            link = &r->next;
            continue;
        }
        *link = r->next;
        gr__pool_give(&records, id);
    }
    unlock(cell, *place ? before & ~gr__cell_bytes(bytes, true) : 0);
}

struct span {
    gr__actor *self;
    uintptr_t low, high;
    unsigned flags;
    gr__loc loc;
    bool wipe;          /* and forget all; with FREE only */
    gr__conflicts *found;
    alone whole;        /* the access in a granule that it has all of */
};

static inline void check_granule(const struct span *s, uintptr_t granule) {
    unsigned bytes = bytes_of(granule, s->low, s->high);
    if (known(s->self, granule, bytes, s->flags)) return;
    uint32_t *place = gr__table_make(&places, granule);
    if (!place) return;
    uint64_t *cell = gr__cell_of(granule);
    if (!*cell) gr__stack_mark(granule);
    gr__part part = {s->loc, (uint8_t)bytes, (uint8_t)s->flags};
    alone a = bytes == 255u ? s->whole : alone_of(s->self, part);
    if (!check_quickly(s->self, cell, place, &a))
        check_slowly(s->self, cell, place, granule, part, s->found);
}

static void check_and_wipe(const struct span *s, uintptr_t granule) {
    uint64_t *cell = gr__cell_of(granule), before = __atomic_load_n(cell, __ATOMIC_RELAXED);
    unsigned bytes = bytes_of(granule, s->low, s->high);
    if (!before) return;
    if (bytes == 255u && !(before & (GR__CELL_LOCK | GR__CELL_MANY)) && is_before(before, s->self)) {
        __atomic_store_n(cell, 0, __ATOMIC_RELAXED);
        return;
    }
    check_granule(s, granule);
    wipe_granule(granule, bytes);
}

static void check_cells(uintptr_t low, uintptr_t high, void *argument) {
    const struct span *s = argument;
    for (; low < high; low += GR__GRANULE)
        if (s->wipe) check_and_wipe(s, gr__granule_of(low));
        else check_granule(s, gr__granule_of(low));
}

static inline bool covered(uintptr_t address, size_t size) {
    return size && gr__shadow_covers(address) && gr__shadow_covers(address + size - 1) &&
           size <= GR__SHADOW_SIZE;
}

static void check_all(struct span *s, size_t size) {
    s->self->accessed = true;
    GR__COUNT(accesses);
    s->whole = alone_of(s->self, (gr__part){s->loc, 255u, (uint8_t)s->flags});
    uintptr_t first = s->low & ~(uintptr_t)(GR__GRANULE - 1), low = (uintptr_t)gr__cell_of(first);
    uintptr_t high = low + ((s->high - first + 7) & ~7ull);
    if (s->flags & GR__ACCESS_FREE && size > LARGE) gr__pages_each_touched(low, high, check_cells, s);
    else check_cells(low, high, s);
}

void gr__access_check(gr__actor *self, uintptr_t address, size_t size, unsigned flags, gr__loc loc,
                      gr__conflicts *found) {
    found->count = 0;
    if (!covered(address, size) || self->ignore > 0 || gr__trie_exhausted()) return;
    struct span s = {.self = self, .low = address, .high = address + size, .flags = flags, .loc = loc,
                     .found = found};
    check_all(&s, size);
}

void gr__access_free(gr__actor *self, uintptr_t address, size_t size, bool wipe, gr__loc loc,
                     gr__conflicts *found) {
    found->count = 0;
    if (!covered(address, size)) return;
    if (self->ignore > 0 || gr__trie_exhausted()) {
        if (wipe) gr__access_wipe(address, size);
        return;
    }
    struct span s = {.self = self, .low = address, .high = address + size,
                     .flags = GR__ACCESS_WRITE | GR__ACCESS_FREE, .loc = loc, .wipe = wipe, .found = found};
    check_all(&s, size);
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

/* An access within one granule, nearly always: as check_all, without its general ways. True when it is done. */
static inline bool check_small(gr__actor *self, uintptr_t address, size_t size, unsigned flags, gr__loc loc) {
    unsigned offset = address & 7u;
    if (offset + size > 8) return false;
    uint32_t *place = gr__table_look(&places, address);
    if (!place) return false;
    uint64_t *cell = gr__cell_of(address);
    if (!*cell) gr__stack_mark(address);
    gr__part part = {loc, (uint8_t)(((1u << size) - 1) << offset), (uint8_t)flags};
    alone a = alone_of(self, part);
    return check_quickly(self, cell, place, &a);
}

void gr__access(gr__actor *self, uintptr_t address, size_t size, unsigned flags, uintptr_t pc) {
    if (!covered(address, size) || self->ignore > 0 || !gr__actor_enter(self)) return;
    if (gr__engine_hooks_now.log) {
        if (all_known(self, address, size, flags)) {
            gr__actor_leave(self);
            return;
        }
        gr__log(self, GR__EVENT_ACCESS, flags, address, (uint32_t)size, gr__loc_child(self->context, pc));
    }
    gr__loc loc = gr__loc_get(self->context, pc);
    self->accessed = true;
    if (check_small(self, address, size, flags, loc)) {
        GR__COUNT(accesses);
        gr__actor_leave(self);
        return;
    }
    gr__conflicts found;
    gr__access_check(self, address, size, flags, loc, &found);
    gr__actor_leave(self);
    if (found.count) gr__access_tell(self, address, size, flags, loc, &found);
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
