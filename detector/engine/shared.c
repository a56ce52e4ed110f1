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
    uint64_t pc, where;         /* of the access; and see taken */
    uint32_t version;           /* of what the actor knew */
    uint32_t to;                /* place; of a shared list 0 */
    uint64_t after;             /* 0: it was only seen once */
    int64_t granules;           /* that took it, not settled */
} step;

#define BUCKETS 4096u

static gr__pool pool;
static struct bucket { uint32_t lock, first; } buckets[BUCKETS];
/* What a thread remembers. */
typedef struct memory {
    step steps[STEPS];
    gr__shared_answer answers[GR__SHARED_ANSWERS];
} memory;
static gr__pool memories;       /* that are all zero */
static __thread memory *mine;   /* NULL: nothing is remembered */
static __thread unsigned turn;
__thread gr__shared_answer *gr__shared_answers = gr__shared_nothing;
gr__shared_answer gr__shared_nothing[GR__SHARED_ANSWERS];

static inline list *at(uint32_t id) { return GR__POOL_AT(list, &pool, id); }

bool gr__shared_open(void) {
    return gr__pool_open(&pool, sizeof(list), 1u << 26) && gr__pool_open(&memories, sizeof(memory), 1u << 20);
}
static void forget(void) {
    mine = NULL;
    gr__shared_answers = gr__shared_nothing;
}
void gr__shared_reset(void) {
    gr__pool_reset(&pool);
    for (unsigned i = 0; i < BUCKETS; i++) buckets[i].first = 0;
    gr__pool_reset(&memories);
    forget();
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
    if (s->after & GR__CELL_SHARED) {
        gr__shared_answer *a = &mine->answers[gr__shared_index(s->after)];
        if (a->cell == s->after) *a = (gr__shared_answer){0, 0};
        count(gr__shared_list(s->after), s->granules - HELD);
    }
    if (s->after && s->before & GR__CELL_SHARED) count(gr__shared_list(s->before), -s->granules - HELD);
    *s = (step){0};
}

void gr__shared_settle(void) {
    if (!mine) return;
    for (unsigned i = 0; i < STEPS; i++) settle(&mine->steps[i]);
    uint32_t id = (uint32_t)((uintptr_t)((char *)mine - memories.base) / memories.unit);
    forget();
    gr__pool_give(&memories, id);
}

/* False: there is no room to remember anything. */
static bool have_memory(void) {
    if (__builtin_expect(mine != NULL, 1)) return true;
    uint32_t id = gr__pool_take(&memories);
    if (!id) return false;
    mine = gr__pool_at(&memories, id);
    mine->steps[0] = (step){0}; /* the pool wrote there */
    gr__shared_answers = mine->answers;
    return true;
}

/* What a step is known by. where: the context, and above it the place that the granule had, 0 for a shared list. Whole
 * words, as they are compared: or the processor would wait for its own stores. */
typedef struct taken { uint64_t before, access, pc, where, version; } taken;
static inline uint64_t where(gr__loc context, uint32_t from) { return context | (uint64_t)from << 32; }

static inline __attribute__((always_inline)) step *set_of(const taken *t) {
    uint64_t key = t->before ^ t->where ^ t->pc << 7 ^ t->access;
    return &mine->steps[(key * 0x9e3779b97f4a7c15ull >> 57) * WAYS];
}
static inline __attribute__((always_inline)) bool is_step(const step *s, const taken *t) {
    return s->before == t->before && s->access == t->access && s->pc == t->pc && s->where == t->where &&
           s->version == t->version;
}
static inline __attribute__((always_inline)) step *step_of(const taken *t) {
    step *set = set_of(t);
    for (unsigned i = 0; i < WAYS; i++)
        if (is_step(&set[i], t)) return &set[i];
    return NULL;
}
/* Where a step may be remembered: where nothing is, else in turn. */
static step *room_for(const taken *t) {
    step *set = set_of(t);
    for (unsigned i = 0; i < WAYS; i++)
        if (!set[i].access) return &set[i];
    return &set[turn++ % WAYS];
}

/* The actor is in the list that its step led to. */
static void answer(const step *s) {
    const list *l = at(gr__shared_list(s->after));
    for (unsigned i = 0; i < l->length; i++)
        if (gr__cell_same_epoch(l->records[i].cell, s->access))
            mine->answers[gr__shared_index(s->after)] = (gr__shared_answer){s->after, l->records[i].cell};
}

/* Put the outcome in place of what was there when the step was looked up; false: that is no more so. */
static bool put(const step *s, uint64_t *cell, uint32_t *place) {
    uint64_t before = s->before;
    if (s->after == before && before & GR__CELL_SHARED) return true;
    /* A shared list's place says nothing, and of a cell with masks its place is known. */
    bool at_once = s->after & GR__CELL_SHARED && !(before & GR__CELL_PARTS);
    if (!at_once && !place) return false;
    if (!__atomic_compare_exchange_n(cell, &before, at_once ? s->after : before | GR__CELL_LOCK, false,
                                     __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        return false;
    if (at_once) return true;
    bool still = before & GR__CELL_SHARED || *place == s->where >> 32;
    if (still) *place = s->to;
    __atomic_store_n(cell, still ? s->after : before, __ATOMIC_RELEASE);
    return still;
}

bool gr__shared_apply(const gr__actor *self, uint64_t *cell, uint32_t *place, uint64_t access, gr__loc context,
                      uintptr_t pc) {
    if (__builtin_expect(!mine, 0)) return false;
    /* Others may have made a shared cell something else meanwhile. Where the cell stays the same, so does the place:
     * it is written while the cell is locked. */
    uint64_t before = __atomic_load_n(cell, __ATOMIC_ACQUIRE);
    if (!place && !(before & GR__CELL_SHARED)) return false;
    uint32_t from = before & GR__CELL_SHARED ? 0 : __atomic_load_n(place, __ATOMIC_ACQUIRE);
    taken t = {before, access, pc, where(context, from), self->version};
    step *s = step_of(&t);
    if (!s || !s->after || !put(s, cell, place)) return false;
    s->granules++;
    if (s->after & GR__CELL_SHARED && mine->answers[gr__shared_index(s->after)].cell != s->after) answer(s);
    return true;
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
    if (!have_memory()) return false;
    const gr__loc_node *node = &gr__loc_nodes[access->loc];
    taken t = {before, access->cell, node->key, where(node->parent, from), self->version};
    step *s = step_of(&t);
    if (s && s->after) { /* the cell was busy when it was to be applied */
        if (!(s->after & GR__CELL_SHARED)) *place = s->to;
        *cell = s->after;
        s->granules++;
        return true;
    }
    if (!s) {
        s = room_for(&t);
        settle(s);
        *s = (step){.before = before, .access = access->cell, .pc = t.pc, .where = t.where, .version = self->version};
        return false;
    }
    if (length > 1) {
        uint32_t id = find(records, length, true, HELD);
        if (!id) return false;
        *cell = gr__shared_cell(id);
    } else {
        s->to = *place;
    }
    s->after = *cell;
    s->granules = 1;
    if (before & GR__CELL_SHARED) count(gr__shared_list(before), HELD);
    return true;
}
