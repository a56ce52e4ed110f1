/* order.c - the graph of locks: see order.h. One lock guards all of it; what a thread found last is in its
 * cache, so that the usual pair of locks is known without it. */
#include "detector/locks/order.h"

#include "detector/engine/clock.h"
#include "detector/engine/pages.h"

enum { USES = 16, KEPT = 8, GATES = 10, BUCKETS = 1 << 16, CACHE = 32, VISITS = 4096, TRIES = 20000, TOLD = 4096,
       CIRCLES = 8 /* that one use may close */ };

typedef struct node {
    uint32_t out, in; /* edges */
    uint32_t mark;
    uint8_t kind;
    uintptr_t lock;
} node;

typedef struct edge {
    uint32_t next_out, next_in, next_of_bucket;
    uint32_t from, to;
    uint32_t count, replaced; /* of uses: the first KEPT stay, the others make room for later ones */
    uint32_t uses[USES];
} edge;

/* When somebody went along an edge: `before` is what had come first; number stands for it in what others know. */
typedef struct moment {
    uint64_t serial;
    gr__before number, before;
    gr__epoch epoch;
} moment;

/* An actor that goes along an edge, holding these: the first time, and the last time that was not the same. */
typedef struct use {
    uint32_t next;    /* of free ones */
    uint32_t from, to;
    uint32_t gates[GATES]; /* nodes of all locks held, times 2, plus 1 for a reader */
    uint8_t gate_count;
    bool more_gates;  /* than there is room for */
    uint8_t held_flags, wanted_flags;
    uint64_t actor;   /* 0: none any more */
    uint64_t hash;    /* of gates and flags */
    gr__loc held_at, wanted_at;
    moment first, last;
} use;

static gr__pool nodes, edges, uses;
static uint32_t *buckets;
static uint32_t lock, marks;
static uint64_t serials;
static uint64_t told[TOLD];    /* hashes of circles that were told; 0: free */
static __thread uint32_t cache[CACHE]; /* uses; whether it is the one, its content says */

static node *node_at(uint32_t id) { return gr__pool_at(&nodes, id); }
static edge *edge_at(uint32_t id) { return gr__pool_at(&edges, id); }
static use *use_at(uint32_t id) { return (use *)(void *)uses.base + id; }
static uint32_t id_of(const use *u) { return (uint32_t)(u - (const use *)(const void *)uses.base); }

bool gr__order_open(void) {
    buckets = gr__pages_reserve(0, BUCKETS * sizeof *buckets);
    return buckets && gr__pool_open(&nodes, sizeof(node), 1u << 26) && gr__pool_open(&edges, sizeof(edge), 1u << 26) &&
           gr__pool_open(&uses, sizeof(use), 1u << 26);
}

static uint64_t mix(uint64_t x) {
    x = (x ^ x >> 31) * 0x9e3779b97f4a7c15ull;
    return x ^ x >> 29;
}

/* --- nodes and edges; the graph is locked --- */

static uint32_t node_of(const gr__hold *h) {
    gr__lock_record *r = gr__lock_at(h->record);
    if (r->node) return r->node;
    uint32_t id = gr__pool_take(&nodes);
    if (id) *node_at(id) = (node){.lock = h->lock, .kind = h->kind};
    return r->node = id;
}

static uint32_t *bucket_of(uint32_t from, uint32_t to) {
    return &buckets[mix((uint64_t)from << 32 | to) & (BUCKETS - 1)];
}

static uint32_t edge_of(uint32_t from, uint32_t to) {
    uint32_t *bucket = bucket_of(from, to), id = *bucket;
    while (id && (edge_at(id)->from != from || edge_at(id)->to != to)) id = edge_at(id)->next_of_bucket;
    if (id || !(id = gr__pool_take(&edges))) return id;
    edge *e = edge_at(id);
    *e = (edge){.next_out = node_at(from)->out, .next_in = node_at(to)->in, .next_of_bucket = *bucket,
                .from = from, .to = to};
    *bucket = node_at(from)->out = node_at(to)->in = id;
    return id;
}

static void unlink_edge(uint32_t id) {
    edge *e = edge_at(id);
    uint32_t *at = &node_at(e->from)->out;
    while (*at != id) at = &edge_at(*at)->next_out;
    *at = e->next_out;
    at = &node_at(e->to)->in;
    while (*at != id) at = &edge_at(*at)->next_in;
    *at = e->next_in;
    at = bucket_of(e->from, e->to);
    while (*at != id) at = &edge_at(*at)->next_of_bucket;
    *at = e->next_of_bucket;
    for (uint32_t i = 0; i < e->count; i++) {
        use_at(e->uses[i])->actor = 0;
        gr__pool_give(&uses, e->uses[i]);
    }
    gr__pool_give(&edges, id);
}

void gr__order_gone(uint32_t id) {
    gr__spin_lock(&lock);
    node *n = node_at(id);
    while (n->out) unlink_edge(n->out);
    while (n->in) unlink_edge(n->in);
    gr__pool_give(&nodes, id);
    gr__spin_unlock(&lock);
}

/* --- uses --- */

static moment now(gr__actor *self) {
    self->accessed = true; /* what self gives from now on stands for this too */
    return (moment){++serials, gr__before_number(self), self->before, {self->slot, self->clock}};
}

static bool is_use(const use *u, const gr__actor *self, uint32_t from, uint32_t to, uint64_t hash) {
    return u->actor == self->id && u->hash == hash && u->from == from && u->to == to;
}

/* A free place among the uses of an edge, or an old one's. NULL: memory is short. */
static use *place_for(edge *e) {
    if (e->count == USES) return use_at(e->uses[KEPT + e->replaced++ % (USES - KEPT)]);
    uint32_t id = gr__pool_take(&uses);
    if (!id) return NULL;
    e->uses[e->count++] = id;
    return use_at(id);
}

static void fill(use *u, gr__actor *self, const gr__hold *from, const gr__hold *to, uint32_t from_node,
                 uint32_t to_node, uint64_t hash) {
    u->from = from_node;
    u->to = to_node;
    u->gate_count = 0;
    u->more_gates = false;
    for (uint32_t i = 0; i + 1 < self->held->count; i++) {
        const gr__hold *h = gr__held_at(self->held, i);
        if (!h || !gr__hold_valid(h)) continue;
        if (u->gate_count == GATES) u->more_gates = true;
        else u->gates[u->gate_count++] = node_of(h) << 1 | (h->flags & GR__HOLD_READ ? 1 : 0);
    }
    u->held_flags = from->flags;
    u->wanted_flags = to->flags;
    u->actor = self->id;
    u->hash = hash;
    u->held_at = gr__hold_place(from);
    u->wanted_at = gr__hold_place(to);
    u->first = u->last = now(self);
}

/* --- circles --- */

typedef struct chosen { const use *use; const moment *at; } chosen;
typedef struct search {
    gr__actor *self;
    chosen path[GR__ORDER_STEPS];
    unsigned length, tries;
} search;

static bool first_time(uint64_t hash) {
    hash |= 1;
    for (unsigned i = 0; i < 64; i++) {
        uint64_t *at = &told[(hash >> 20 ^ i) & (TOLD - 1)];
        if (*at == hash) return false;
        if (*at) continue;
        *at = hash;
        return true;
    }
    return false;
}

/* Code, by its innermost frames: a lock is often taken in a function of the program's own for that. */
static uint64_t code_hash(gr__loc at) {
    enum { INNERMOST = 4 };
    uintptr_t pcs[INNERMOST];
    size_t count = gr__loc_stack(at, pcs, INNERMOST);
    uint64_t hash = 0;
    for (size_t i = 0; i < count && i < INNERMOST; i++) hash = mix(hash + pcs[i]);
    return hash;
}

/* Neither these locks nor this code were told before. */
static bool is_new(const search *s) {
    uint64_t locks = 1, code = 2;
    for (unsigned i = 0; i < s->length; i++) {
        const use *u = s->path[i].use;
        locks += mix(node_at(u->from)->lock);
        code += mix(code_hash(u->held_at) + 3 * code_hash(u->wanted_at));
    }
    bool new_locks = first_time(mix(locks)), new_code = first_time(mix(code));
    return new_locks && new_code;
}

static bool share_gate(const use *a, const use *b) {
    if (a->more_gates || b->more_gates) return true; /* who knows */
    for (unsigned i = 0; i < a->gate_count; i++)
        for (unsigned k = 0; k < b->gate_count; k++)
            if (a->gates[i] >> 1 == b->gates[k] >> 1 && !(a->gates[i] & b->gates[k] & 1)) return true;
    return false;
}

static bool ordered(const search *s, const chosen *a, const chosen *b) {
    const chosen *first = a->at->serial < b->at->serial ? a : b, *second = first == a ? b : a;
    switch (gr__before_has(second->at->before, first->at->number)) {
    case GR__BEFORE_NOT: return false;
    case GR__BEFORE_SURELY: return true;
    default: break;
    }
    if (second->use->actor != s->self->id) return true;
    return gr__knowledge_get(&s->self->knows, first->at->epoch.slot) >= first->at->epoch.clock;
}

/* May this step be under way together with those on the path? The last of them wants what it holds. */
static bool fits(search *s, const chosen *c) {
    const use *last = s->path[s->length - 1].use;
    if (last->wanted_flags & c->use->held_flags & GR__HOLD_READ) return false;
    for (unsigned i = 0; i < s->length; i++) {
        s->tries++;
        const use *u = s->path[i].use;
        if (u->actor == c->use->actor || share_gate(u, c->use) || ordered(s, &s->path[i], c)) return false;
    }
    return true;
}

/* Does a way of edges lead from one node to the other? Each node is visited once. */
static bool reaches(uint32_t from, uint32_t goal) {
    static uint32_t queue[VISITS];
    unsigned head = 0, tail = 0;
    node_at(from)->mark = ++marks;
    queue[tail++] = from;
    while (head < tail) {
        for (uint32_t id = node_at(queue[head++])->out; id; id = edge_at(id)->next_out) {
            uint32_t to = edge_at(id)->to;
            if (to == goal) return true;
            if (node_at(to)->mark == marks || tail == VISITS) continue;
            node_at(to)->mark = marks;
            queue[tail++] = to;
        }
    }
    return false;
}

static bool closes(search *s);

static bool step(search *s, const use *u, const moment *at) {
    chosen c = {u, at};
    if (!fits(s, &c)) return false;
    s->path[s->length++] = c;
    if (closes(s)) return true;
    s->length--;
    return false;
}

static bool on_path(const search *s, uint32_t id) {
    for (unsigned i = 0; i < s->length; i++)
        if (s->path[i].use->from == id) return true;
    return false;
}

/* The path goes on until it is back where it began. */
static bool closes(search *s) {
    uint32_t goal = s->path[0].use->from, here = s->path[s->length - 1].use->to;
    if (here == goal)
        return !(s->path[s->length - 1].use->wanted_flags & s->path[0].use->held_flags & GR__HOLD_READ) && is_new(s);
    if (s->length == GR__ORDER_STEPS) return false;
    for (uint32_t id = node_at(here)->out; id && s->tries < TRIES; id = edge_at(id)->next_out) {
        const edge *e = edge_at(id);
        if (e->to != goal && on_path(s, e->to)) continue;
        for (uint32_t i = 0; i < e->count; i++) {
            const use *u = use_at(e->uses[i]);
            if (step(s, u, &u->last) || (u->first.serial != u->last.serial && step(s, u, &u->first))) return true;
        }
    }
    return false;
}

static void describe(const search *s, gr__order_step *out) {
    for (unsigned i = 0; i < s->length; i++) {
        const use *u = s->path[i].use;
        const node *from = node_at(u->from), *to = node_at(u->to);
        out[i] = (gr__order_step){u->actor, from->lock, to->lock, u->held_at, u->wanted_at,
                                  from->kind, u->held_flags, to->kind, u->wanted_flags};
    }
}

/* Steps of a circle that the last moment of this use completes and that was not told yet; 0: none. */
static unsigned look(gr__actor *self, const use *u, gr__order_step *out) {
    if (!reaches(u->to, u->from)) return 0;
    search s = {.self = self, .path = {{u, &u->last}}, .length = 1};
    if (!closes(&s)) return 0;
    describe(&s, out);
    return s.length;
}

/* --- the door's side --- */

static uint32_t *slot_of(const gr__actor *self, uint32_t from, uint32_t to) {
    return &cache[(from * 31 + to * 17 + (uint32_t)self->id) % CACHE];
}

/* The use of an edge, if it may complete a circle that it did not before. */
static const use *note(gr__actor *self, const gr__hold *from, const gr__hold *to, uint64_t hash) {
    uint32_t a = node_of(from), b = node_of(to), id = a && b ? edge_of(a, b) : 0;
    if (!id) return NULL;
    edge *e = edge_at(id);
    use *u = NULL;
    for (uint32_t i = 0; i < e->count && !u; i++)
        if (is_use(use_at(e->uses[i]), self, a, b, hash)) u = use_at(e->uses[i]);
    bool same = u && u->last.number && u->last.number == self->held->number;
    if (u && !same) u->last = now(self);
    if (!u && (u = place_for(e)) != NULL) fill(u, self, from, to, a, b, hash);
    if (u) *slot_of(self, a, b) = id_of(u);
    return same ? NULL : u;
}

GR__NOINLINE static void note_and_tell(gr__actor *self, const gr__hold *from, const gr__hold *to, uint64_t hash) {
    gr__order_step steps[GR__ORDER_STEPS];
    const use *u = NULL;
    for (unsigned count = 1, turn = 0; count && turn < CIRCLES; turn++) {
        gr__engine_go_in();
        gr__spin_lock(&lock);
        if (!turn) u = note(self, from, to, hash);
        count = u && u->actor == self->id ? look(self, u, steps) : 0;
        gr__spin_unlock(&lock);
        gr__engine_come_out();
        if (GR__UNLIKELY(count)) gr__locks_hooks_now.order(self, steps, count);
    }
}

GR__INLINE bool is_known(const gr__actor *self, const gr__hold *from, const gr__hold *to, uint64_t hash) {
    uint32_t a = gr__lock_at(from->record)->node, b = gr__lock_at(to->record)->node;
    const use *u = use_at(*slot_of(self, a, b));
    return is_use(u, self, a, b, hash) && u->last.number == self->held->number && u->last.number;
}

GR__INLINE uint64_t gate_hash(const gr__hold *h) {
    return (h->record * 2ull + (h->flags & GR__HOLD_READ)) * 0x9e3779b97f4a7c15ull;
}

GR__NOINLINE static void taken_far(gr__actor *self) {
    gr__held *held = self->held;
    uint32_t last = held->count - 1;
    const gr__hold *to = gr__held_at(held, last);
    uint64_t hash = to ? to->flags : 0;
    for (uint32_t i = 0; to && i < last; i++) {
        const gr__hold *h = gr__held_at(held, i);
        if (h && gr__hold_valid(h)) hash += gate_hash(h);
    }
    for (uint32_t i = 0; to && i < last; i++) {
        const gr__hold *from = gr__held_at(held, i);
        if (from && gr__hold_valid(from) && !is_known(self, from, to, hash)) note_and_tell(self, from, to, hash);
    }
}

void gr__order_taken(gr__actor *self) {
    const gr__held *held = self->held;
    const gr__hold *from = &held->holds[0], *to = &held->holds[1];
    if (held->count != 2 || !gr__hold_valid(from) || !is_known(self, from, to, to->flags + gate_hash(from)))
        taken_far(self);
}
