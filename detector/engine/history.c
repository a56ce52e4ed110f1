/* history.c - see history.h. */
#include "detector/engine/history.h"

#include "detector/engine/crowd.h"
#include "detector/engine/shared.h"

#define LIMIT 0xfffffff0u
#define FEW 8u  /* records of a list before crowds are made of it */
#define MOST 96u /* and at all: beyond, the oldest are forgotten */

/* A record in a list. A crowd has the epoch 0 and its kind in the flags' place. */
typedef struct node { uint32_t next, place; uint64_t cell; } node;
#define CROWD_FLAGS 21 /* ... of a crowd's cell: the flags of its accesses, above its masks */

uint32_t gr__sweep_begins = 32;

static gr__pool nodes;
/* Nodes that this thread gave back and will take again. Owner: the thread, in the engine. */
static __thread uint32_t spare_nodes, spare_count;
#define SPARE 16u

static inline node *at(uint32_t id) { return GR__POOL_AT(node, &nodes, id); }

static uint32_t take(void) {
    uint32_t id = spare_nodes;
    if (!id) return gr__pool_take(&nodes);
    spare_nodes = at(id)->next;
    spare_count--;
    return id;
}
static void give(uint32_t id) {
    if (spare_count == SPARE) {
        gr__pool_give(&nodes, id);
        return;
    }
    at(id)->next = spare_nodes;
    spare_nodes = id;
    spare_count++;
}
void gr__history_settle(void) {
    for (; spare_count; spare_count--) {
        uint32_t id = spare_nodes;
        spare_nodes = at(id)->next;
        gr__pool_give(&nodes, id);
    }
}

bool gr__history_open(void) {
    return gr__pool_open(&nodes, sizeof(node), LIMIT) && gr__shared_open() && gr__crowd_open();
}

void gr__history_reset(void) {
    gr__pool_reset(&nodes);
    spare_nodes = spare_count = 0;
    gr__shared_reset();
    gr__crowd_reset();
}

uint64_t gr__history_records(void) { return gr__pool_used(&nodes); }

void gr__alone_close(gr__alone *a) {
    gr__part part = gr__alone_part(a);
    gr__record_close(&part, 1, &a->cell, &a->place);
}

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

void gr__conflict(gr__conflicts *found, uint64_t epoch, uintptr_t granule, gr__part earlier) {
    found->met = true;
    for (unsigned i = 0; i < found->count; i++)
        if (found->earlier[i].part.loc == earlier.loc &&
            gr__cell_slot(found->earlier[i].epoch) == gr__cell_slot(epoch)) return;
    if (found->count == GR__CONFLICTS_MAX) return;
    found->earlier[found->count].epoch = epoch;
    found->earlier[found->count].granule = granule;
    found->earlier[found->count++].part = earlier;
}

/* A granule whose cell is locked, and the access that is being checked. */
typedef struct meeting {
    gr__actor *self;
    const gr__alone *access;
    uintptr_t granule;
    gr__conflicts *found;
    unsigned left;      /* bytes of the access that no part of this epoch stands for already */
    unsigned count;
    gr__record records[MOST];
} meeting;

/* --- crowds in lists --- */

static bool is_crowd(uint64_t cell) { return cell & GR__CELL_CROWD; }
static gr__part part_of_crowd(const gr__record *r) {
    return (gr__part){0, (uint8_t)gr__cell_accessed(r->cell), (uint8_t)(r->cell >> GR__CELL_EPOCH)};
}
static uint64_t crowd_cell(unsigned bytes, unsigned flags) {
    return GR__CELL_CROWD | (uint64_t)bytes << GR__CELL_ACCESSED | (uint64_t)flags << GR__CELL_EPOCH;
}

static void meet_crowd(meeting *m, gr__record *r) {
    gr__part old = part_of_crowd(r), now = gr__alone_part(m->access);
    unsigned overlap = old.bytes & now.bytes;
    if (!overlap) return;
    bool unordered = gr__conflicting(old.flags, now.flags) &&
                     gr__crowd_conflicts(r->place, m->self, m->granule, old, m->found);
    if (gr__no_weaker(old.flags, now.flags) &&
        gr__crowd_last(r->place, m->self->slot) == m->self->clock) {
        m->left &= ~overlap;
    } else if (!unordered && gr__conflicting(old.flags, now.flags) && gr__no_weaker(now.flags, old.flags)) {
        r->cell = crowd_cell(old.bytes & ~overlap, old.flags);
        if (old.bytes & ~overlap) return;
        gr__crowd_free(r->place);
        r->cell = 0;
    }
}

static bool any_crowd(const meeting *m) {
    for (unsigned i = 0; i < m->count; i++)
        if (is_crowd(m->records[i].cell)) return true;
    return false;
}

/* The crowd of those who do this to these bytes; NULL none. */
static gr__record *crowd_of(meeting *m, unsigned bytes, unsigned flags) {
    uint64_t cell = crowd_cell(bytes, flags);
    for (unsigned i = 0; i < m->count; i++)
        if (m->records[i].cell == cell) return &m->records[i];
    return NULL;
}

/* All records but this epoch's join crowds. */
static void gather_crowds(meeting *m) {
    unsigned count = m->count;
    for (unsigned i = 0; i < count; i++) {
        gr__record *r = &m->records[i];
        if (is_crowd(r->cell) || gr__cell_same_epoch(r->cell, m->access->cell)) continue;
        gr__part parts[GR__PARTS_MAX];
        unsigned n = gr__record_open(r->cell, r->place, parts);
        unsigned done = 0;
        for (; done < n; done++) {
            gr__record *crowd = crowd_of(m, parts[done].bytes, parts[done].flags);
            if (!crowd) {
                uint32_t id = m->count < MOST ? gr__crowd_make() : 0;
                if (!id) break;
                crowd = &m->records[m->count++];
                *crowd = (gr__record){crowd_cell(parts[done].bytes, parts[done].flags), id, 0};
            }
            gr__crowd_add(crowd->place, r->cell, parts[done].loc);
        }
        if (done == n) r->cell = 0;
    }
}

/* --- the check --- */

/* Hold the access against a record, of no crowd; leaves of the record what must still be remembered, and of left the
 * bytes that no part of this epoch stands for. Without found, false: something is to be told. */
static __attribute__((noinline)) bool meet_parts(const gr__actor *self, const gr__alone *access, uintptr_t granule,
                                                 gr__conflicts *found, unsigned *left, uint64_t *cell,
                                                 uint32_t *place) {
    gr__part parts[GR__PARTS_MAX];
    bool same = gr__cell_same_epoch(*cell, access->cell), ordered = same || gr__is_before(*cell, self), changed = false;
    unsigned count = gr__record_open(*cell, *place, parts);
    for (unsigned i = 0; i < count; i++) {
        unsigned overlap = parts[i].bytes & access->bytes;
        if (!overlap) continue;
        if (!ordered) {
            if (!gr__conflicting(parts[i].flags, access->flags)) continue;
            if (!found) return false;
            gr__conflict(found, *cell, granule, parts[i]);
        } else if (same && gr__no_weaker(parts[i].flags, access->flags)) {
            /* In one epoch the first of two that are as strong stands for both. */
            *left &= ~overlap;
        } else if (gr__no_weaker(access->flags, parts[i].flags)) {
            parts[i].bytes &= (uint8_t)~overlap;
            changed = true;
        }
    }
    if (changed) gr__record_close(parts, count, cell, place);
    return true;
}
/* The same where the record is of one kind and place, nothing is to be told, and all of it goes or it has no parts. */
static inline bool meet(const gr__actor *self, const gr__alone *access, uintptr_t granule, gr__conflicts *found,
                        unsigned *left, uint64_t *cell, uint32_t *place) {
    gr__part old;
    if (!(*cell & GR__CELL_PARTS))
        old = (gr__part){*place, (uint8_t)gr__cell_accessed(*cell), gr__cell_written(*cell) ? GR__ACCESS_WRITE : 0};
    else if (!gr__record_only(*place, &old))
        return meet_parts(self, access, granule, found, left, cell, place);
    unsigned overlap = access->bytes & old.bytes;
    if (!overlap) return true;
    if (gr__cell_same_epoch(*cell, access->cell)) {
        if (gr__no_weaker(old.flags, access->flags)) {
            *left &= ~overlap;
            return true;
        }
    } else if (!gr__is_before(*cell, self)) {
        return !gr__conflicting(old.flags, access->flags) ||
               meet_parts(self, access, granule, found, left, cell, place);
    }
    if (!gr__no_weaker(access->flags, old.flags)) return true;
    if (overlap == old.bytes) *cell = *cell >> GR__CELL_EPOCH << GR__CELL_EPOCH;
    else if (*cell & GR__CELL_PARTS) return meet_parts(self, access, granule, found, left, cell, place);
    else *cell &= ~gr__cell_bytes(overlap, true);
    return true;
}

/* These bytes of the access join a record of its own epoch. */
static void join(const gr__alone *access, unsigned left, uint64_t *cell, uint32_t *place) {
    if (left == access->bytes && gr__record_empty(*cell)) {
        *cell = access->cell;
        *place = access->place;
        return;
    }
    gr__part part = gr__alone_part(access), parts[GR__PARTS_MAX];
    part.bytes = (uint8_t)left;
    unsigned count = gr__record_open(*cell, *place, parts), i = 0;
    while (i < count && (parts[i].loc != part.loc || parts[i].flags != part.flags)) i++;
    if (i == GR__PARTS_MAX) return; /* can't be: see record.h */
    if (i < count) parts[i].bytes |= part.bytes;
    else parts[count++] = part;
    gr__record_close(parts, count, cell, place);
}

static void remember(meeting *m) {
    if (!m->left) return;
    gr__part part = gr__alone_part(m->access);
    for (unsigned i = 0; i < m->count; i++) {
        gr__record *r = &m->records[i];
        if (is_crowd(r->cell) || !gr__cell_same_epoch(r->cell, m->access->cell)) continue;
        join(m->access, m->left, &r->cell, &r->place);
        return;
    }
    gr__record *crowd = m->left == part.bytes ? crowd_of(m, part.bytes, part.flags) : NULL;
    if (crowd) {
        gr__crowd_add(crowd->place, m->access->cell, part.loc);
        return;
    }
    unsigned at_all = 0;
    while (at_all < m->count && !gr__record_empty(m->records[at_all].cell)) at_all++;
    if (at_all == MOST) at_all = 0;
    gr__record *r = &m->records[at_all];
    if (at_all == m->count) {
        m->count++;
        r->id = 0;
    } else if (is_crowd(r->cell)) {
        gr__crowd_free(r->place);
    }
    r->cell = m->access->cell >> GR__CELL_EPOCH << GR__CELL_EPOCH;
    r->place = 0;
    join(m->access, m->left, &r->cell, &r->place);
}

/* --- lists --- */

static void read_list(meeting *m, uint64_t before, uint32_t place) {
    if (!(before & GR__CELL_MANY)) {
        m->records[0] = (gr__record){before, place, 0};
        m->count = before != 0;
    } else if (before & GR__CELL_SHARED) {
        m->count = gr__shared_read(gr__shared_list(before), m->records);
    } else {
        m->count = 0;
        for (uint32_t id = place; id && m->count < MOST; id = at(id)->next)
            m->records[m->count++] = (gr__record){at(id)->cell, at(id)->place, id};
    }
}

/* Leave out what is empty; the ids of their nodes go to the end of the array `ids`. */
static unsigned compact(meeting *m, uint32_t *ids) {
    unsigned kept = 0, free_ids = 0;
    for (unsigned i = 0; i < m->count; i++) {
        if (m->records[i].id) ids[free_ids++] = m->records[i].id;
        if (gr__record_empty(m->records[i].cell)) continue;
        if (kept != i) m->records[kept] = m->records[i];
        kept++;
    }
    m->count = kept;
    return free_ids;
}

/* The records become cell and place; nodes that the granule had are in ids. */
static uint64_t write_list(const meeting *m, uint32_t *place, uint64_t filter, const uint32_t *ids,
                           unsigned have) {
    unsigned used = 0;
    uint64_t now = 0;
    if (m->count == 1 && !is_crowd(m->records[0].cell)) {
        now = m->records[0].cell;
        *place = m->records[0].place;
    } else if (m->count) {
        uint32_t list = 0;
        for (unsigned i = m->count; i-- > 0;) {
            uint32_t id = used < have ? ids[used++] : take();
            if (!id) continue; /* without room it is not remembered */
            *at(id) = (node){list, m->records[i].place, m->records[i].cell};
            list = id;
        }
        *place = list;
        now = list ? filter : 0;
    }
    while (used < have) give(ids[used++]);
    return now;
}

/* The cell over a list: what this actor did in this epoch since somebody else came by. */
static uint64_t filter_of(uint64_t before, const gr__alone *access) {
    uint64_t now = GR__CELL_MANY | (access->cell & ~(uint64_t)GR__CELL_PARTS);
    return gr__cell_same_epoch(before, access->cell) ? now | (before & GR__CELL_ALL) : now;
}

/* --- the usual cases: nothing is to be told, and records change where they stand --- */

/* Of one record, or none. */
static bool check_one(const gr__actor *self, uint64_t before, uint32_t *place, const gr__alone *access, uint64_t *now) {
    uint64_t cell = before;
    uint32_t set = *place, mine, old;
    unsigned left = access->bytes;
    if (!meet(self, access, 0, NULL, &left, &cell, &set)) return false;
    if (gr__cell_same_epoch(cell, access->cell)) {
        if (left) join(access, left, &cell, &set);
        *place = set;
        *now = cell;
        return true;
    }
    if (gr__record_empty(cell)) {
        *place = access->place;
        *now = access->cell;
        return true;
    }
    if (!(mine = take())) return false;
    if (!(old = take())) {
        give(mine);
        return false;
    }
    *at(mine) = (node){old, access->place, access->cell};
    *at(old) = (node){0, set, cell};
    *place = mine;
    *now = filter_of(before, access);
    return true;
}

/* Of a list of the granule's own, with a few records. What was done to it when the answer is no does no harm. */
static bool check_few(const gr__actor *self, uint64_t before, uint32_t *place, const gr__alone *access, unsigned most,
                      uint64_t *now) {
    unsigned left = access->bytes, count = 0;
    uint32_t *link = place, free_node = 0;
    node *own = NULL;
    for (uint32_t id; (id = *link);) {
        node *n = at(id);
        if (is_crowd(n->cell) || ++count > most) break;
        if (!meet(self, access, 0, NULL, &left, &n->cell, &n->place)) break;
        if (gr__cell_same_epoch(n->cell, access->cell)) {
            own = n;
        } else if (gr__record_empty(n->cell)) {
            *link = n->next;
            if (free_node) give(id);
            else free_node = id;
            count--;
            continue;
        }
        link = &n->next;
    }
    bool done = !*link && (own || !left || count < most);
    if (done && own) {
        if (left) join(access, left, &own->cell, &own->place);
    } else if (done && left) {
        if (free_node || (free_node = take())) {
            *at(free_node) = (node){*place, access->place, access->cell};
            *place = free_node;
            free_node = 0;
            count++;
        }
    }
    if (free_node) give(free_node);
    if (!done) return false;
    *now = filter_of(before, access);
    if (count > 1) return true;
    uint32_t last = *place;
    *place = at(last)->place;
    *now = at(last)->cell;
    give(last);
    return true;
}

static inline bool check_usual(const gr__actor *self, uint64_t before, uint32_t *place, const gr__alone *access,
                               uint64_t *now) {
    bool sweeps = gr__sweeps(self, access);
    if (before & GR__CELL_SHARED) return false;
    if (before & GR__CELL_MANY) return check_few(self, before, place, access, sweeps ? 2 : FEW, now);
    return !sweeps && check_one(self, before, place, access, now);
}

/* Any case. The cell is locked, and was `before`. */
static __attribute__((noinline)) void check_any(gr__actor *self, uint64_t *cell, uint64_t before, uint32_t *place,
                                                uintptr_t granule, const gr__alone *access, gr__conflicts *found) {
    bool own = before & GR__CELL_MANY && !(before & GR__CELL_SHARED), sweeps = gr__sweeps(self, access);
    meeting m;
    m.self = self;
    m.access = access;
    m.granule = granule;
    m.found = found;
    m.left = access->bytes;
    uint32_t from = before & GR__CELL_SHARED ? 0 : *place, ids[MOST];
    found->met = false;
    read_list(&m, before, from);
    for (unsigned i = 0; i < m.count; i++) {
        gr__record *r = &m.records[i];
        if (is_crowd(r->cell)) meet_crowd(&m, r);
        else meet(self, access, granule, found, &m.left, &r->cell, &r->place);
    }
    remember(&m);
    unsigned have = compact(&m, ids);
    if (m.count > FEW) {
        gather_crowds(&m);
        for (unsigned i = 0; i < m.count; i++) m.records[i].id = 0; /* ids has them */
        compact(&m, ids + have);
    }
    uint64_t now = filter_of(before, access);
    bool known = false, alone = m.count == 1 && !is_crowd(m.records[0].cell);
    if (alone) now = write_list(&m, place, now, ids, have);
    if (sweeps && !own && m.count && m.count <= GR__SHARED_MAX && !found->met && !any_crowd(&m))
        known = gr__shared_learn(self, before, from, access, m.records, m.count, &now, place);
    /* Lists of several readers come together again when others have the same. */
    uint32_t list = 0;
    if (sweeps && own && m.count > 2 && m.count <= GR__SHARED_MAX && !found->met && !any_crowd(&m))
        list = gr__shared_find(m.records, m.count);
    if (list) {
        now = gr__shared_cell(list);
        while (have) give(ids[--have]);
    } else if (!known && !alone) {
        now = write_list(&m, place, now, ids, have);
    }
    if (!known && before & GR__CELL_SHARED) gr__shared_drop(gr__shared_list(before), 1);
    __atomic_store_n(cell, now, __ATOMIC_RELEASE);
}

void gr__history_check(gr__actor *self, uint64_t *cell, uint32_t *place, uintptr_t granule,
                       const gr__alone *access, gr__conflicts *found) {
    uint64_t before = lock(cell), now;
    if (check_usual(self, before, place, access, &now)) __atomic_store_n(cell, now, __ATOMIC_RELEASE);
    else check_any(self, cell, before, place, granule, access, found);
}

void gr__history_wipe(uint64_t *cell, uint32_t *place, unsigned bytes) {
    meeting m;
    uint64_t before = lock(cell);
    uint32_t from = *place, ids[MOST];
    if (bytes == 255u && before & GR__CELL_SHARED) {
        gr__shared_drop(gr__shared_list(before), 1);
        __atomic_store_n(cell, 0, __ATOMIC_RELEASE);
        return;
    }
    read_list(&m, before, from);
    for (unsigned i = 0; i < m.count; i++) {
        gr__record *r = &m.records[i];
        if (is_crowd(r->cell)) {
            gr__part part = part_of_crowd(r);
            r->cell = crowd_cell(part.bytes & ~bytes, part.flags);
            if (part.bytes & ~bytes) continue;
            gr__crowd_free(r->place);
            r->cell = 0;
            continue;
        }
        gr__part parts[GR__PARTS_MAX];
        unsigned count = gr__record_open(r->cell, r->place, parts);
        for (unsigned k = 0; k < count; k++) parts[k].bytes &= (uint8_t)~bytes;
        gr__record_close(parts, count, &r->cell, &r->place);
    }
    unsigned have = compact(&m, ids);
    uint64_t filter = before & GR__CELL_SHARED ? GR__CELL_MANY : before & ~gr__cell_bytes(bytes, true);
    uint64_t now = write_list(&m, place, filter, ids, have);
    if (before & GR__CELL_SHARED) gr__shared_drop(gr__shared_list(before), 1);
    __atomic_store_n(cell, now, __ATOMIC_RELEASE);
}
