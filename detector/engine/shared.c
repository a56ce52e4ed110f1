/* shared.c - see shared.h. Each list is there once, found in a hash by what is in it.
 *
 * A list's count is the granules that have it, less what threads have not settled yet; for each step of a
 * thread that may hold such counts it has HELD more, so it is zero only when nobody has the list. Whoever
 * finds it zero and in its bucket, with the bucket's lock held, gives it back. */
#include "detector/engine/shared.h"

#define HELD (1ll << 40)
#define SETS 128u
#define WAYS 4u
#define STEPS (SETS * WAYS)

typedef struct list {
    int64_t count;  /* atomic */
    uint32_t next;  /* bucket's lock */
    uint32_t length, hash;
    struct { uint64_t cell; uint32_t place; } records[GR__SHARED_MAX];
} list;

/* A step of this thread, and its outcome. */
typedef struct step {
    _Alignas(64) uint64_t before;
    uint64_t access;
    uint32_t from, by;          /* places */
    uint32_t version;           /* of what the actor knew */
    bool known;                 /* else it was seen once */
    uint32_t to;
    uint64_t after;
    int64_t granules;           /* that took it, not settled */
} step;

#define BUCKETS 4096u

static gr__pool pool;
static struct bucket { uint32_t lock, first; } buckets[BUCKETS];
static gr__pool tables;         /* of steps that are all zero */
static __thread step *steps;    /* STEPS of them; NULL: none is remembered */
static __thread unsigned turn;

static list *at(uint32_t id) { return gr__pool_at(&pool, id); }

bool gr__shared_open(void) {
    return gr__pool_open(&pool, sizeof(list), 1u << 26) && gr__pool_open(&tables, sizeof(step) * STEPS, 1u << 20);
}
void gr__shared_reset(void) {
    gr__pool_reset(&pool);
    for (unsigned i = 0; i < BUCKETS; i++) buckets[i].first = 0;
    gr__pool_reset(&tables);
    steps = NULL;
}

static void release(uint32_t id) {
    struct bucket *b = &buckets[at(id)->hash % BUCKETS];
    gr__spin_lock(&b->lock);
    uint32_t *link = &b->first;
    while (*link && *link != id) link = &at(*link)->next;
    bool gone = *link && !__atomic_load_n(&at(id)->count, __ATOMIC_ACQUIRE);
    if (gone) *link = at(id)->next;
    gr__spin_unlock(&b->lock);
    if (gone) gr__pool_give(&pool, id);
}

static void count(uint32_t id, int64_t change) {
    if (!__atomic_add_fetch(&at(id)->count, change, __ATOMIC_ACQ_REL)) release(id);
}

void gr__shared_drop(uint32_t id, uint32_t granules) { count(id, -(int64_t)granules); }

unsigned gr__shared_read(uint32_t id, gr__record *records) {
    const list *l = at(id);
    for (unsigned i = 0; i < l->length; i++)
        records[i] = (gr__record){l->records[i].cell, l->records[i].place, 0};
    return l->length;
}

static void settle(step *s) {
    if (s->known && s->after & GR__CELL_SHARED) count(s->to, s->granules - HELD);
    if (s->known && s->before & GR__CELL_SHARED) count(s->from, -s->granules - HELD);
    *s = (step){0};
}

void gr__shared_settle(void) {
    if (!steps) return;
    for (unsigned i = 0; i < STEPS; i++) settle(&steps[i]);
    uint32_t id = (uint32_t)((uintptr_t)((char *)steps - tables.base) / tables.unit);
    steps = NULL;
    gr__pool_give(&tables, id);
}

/* False: there is no room to remember anything. */
static bool have_steps(void) {
    if (__builtin_expect(steps != NULL, 1)) return true;
    uint32_t id = gr__pool_take(&tables);
    if (!id) return false;
    steps = gr__pool_at(&tables, id);
    steps[0] = (step){0}; /* the pool wrote there */
    return true;
}

static step *set_of(uint64_t before, uint32_t from, const gr__alone *access) {
    uint64_t key = before ^ (uint64_t)from << 32 ^ (uint64_t)access->place * 0xc2b2ae35u ^ access->bytes;
    return &steps[(key * 0x9e3779b97f4a7c15ull >> 57) * WAYS];
}

/* The step; or where it may be remembered: where nothing is, else in turn. */
static step *step_of(const gr__actor *self, uint64_t before, uint32_t from, const gr__alone *access,
                     bool *found) {
    step *set = set_of(before, from, access), *free = NULL;
    *found = true;
    for (unsigned i = 0; i < WAYS; i++) {
        step *s = &set[i];
        if (s->before == before && s->from == from && s->access == access->cell &&
            s->by == access->place && s->version == self->version)
            return s;
        if (!s->access) free = s;
    }
    *found = false;
    return free ? free : &set[turn++ % WAYS];
}

bool gr__shared_apply(const gr__actor *self, uint64_t *cell, uint32_t *place, const gr__alone *access) {
    uint64_t before = __atomic_load_n(cell, __ATOMIC_RELAXED);
    uint32_t from = __atomic_load_n(place, __ATOMIC_RELAXED);
    bool found;
    if (!steps) return false;
    step *s = step_of(self, before, from, access, &found);
    if (!found || !s->known) return false;
    if (!__atomic_compare_exchange_n(cell, &before, before | GR__CELL_LOCK, false, __ATOMIC_ACQUIRE,
                                     __ATOMIC_RELAXED))
        return false;
    bool still = *place == from;
    if (still) {
        *place = s->to;
        s->granules++;
    }
    __atomic_store_n(cell, still ? s->after : before, __ATOMIC_RELEASE);
    return still;
}

static bool equal(const list *l, const gr__record *records, unsigned length) {
    bool same = l->length == length;
    for (unsigned i = 0; same && i < length; i++)
        same = l->records[i].cell == records[i].cell && l->records[i].place == records[i].place;
    return same;
}

/* Their order means nothing. */
static void sort(gr__record *records, unsigned length) {
    for (unsigned i = 1; i < length; i++)
        for (unsigned k = i; k > 0 && records[k - 1].cell > records[k].cell; k--) {
            gr__record r = records[k];
            records[k] = records[k - 1];
            records[k - 1] = r;
        }
}

/* The list of these records, for `more` to count; 0: there is none, and it was not to be made. */
static uint32_t find(gr__record *records, unsigned length, bool make, int64_t more) {
    sort(records, length);
    uint64_t hash = length;
    for (unsigned i = 0; i < length; i++)
        hash = (hash ^ records[i].cell ^ (uint64_t)records[i].place << 20) * 0x9e3779b97f4a7c15ull;
    struct bucket *b = &buckets[(uint32_t)(hash >> 32) % BUCKETS];
    if (!make && !__atomic_load_n(&b->first, __ATOMIC_RELAXED)) return 0;
    gr__spin_lock(&b->lock);
    uint32_t id = b->first;
    while (id && !equal(at(id), records, length)) id = at(id)->next;
    if (id) {
        __atomic_add_fetch(&at(id)->count, more, __ATOMIC_ACQ_REL);
    } else if (make && (id = gr__pool_take(&pool))) {
        list *l = at(id);
        *l = (list){.count = more, .next = b->first, .length = length, .hash = (uint32_t)(hash >> 32)};
        for (unsigned i = 0; i < length; i++) {
            l->records[i].cell = records[i].cell;
            l->records[i].place = records[i].place;
        }
        __atomic_store_n(&b->first, id, __ATOMIC_RELAXED);
    }
    gr__spin_unlock(&b->lock);
    return id;
}

uint32_t gr__shared_find(gr__record *records, unsigned length) { return find(records, length, false, 1); }

bool gr__shared_learn(const gr__actor *self, uint64_t before, uint32_t from, const gr__alone *access,
                      gr__record *records, unsigned length, uint64_t *cell, uint32_t *place) {
    bool found;
    if (!have_steps()) return false;
    step *s = step_of(self, before, from, access, &found);
    if (found && s->known) { /* the cell was busy when it was to be applied */
        *place = s->to;
        *cell = s->after;
        s->granules++;
        return true;
    }
    if (!found) {
        settle(s);
        *s = (step){.before = before, .from = from, .access = access->cell, .by = access->place,
                    .version = self->version};
        return false;
    }
    if (length > 1) {
        s->to = find(records, length, true, HELD);
        if (!s->to) return false;
        *place = s->to;
        *cell |= GR__CELL_SHARED;
    }
    s->to = *place;
    s->after = *cell;
    s->granules = 1;
    s->known = true;
    if (before & GR__CELL_SHARED) count(from, HELD);
    return true;
}
