/* oracle.c - see model.h: truth by sets of events. No shared state. */
#include "tests/model/model.h"

#include <string.h>

#include "detector/engine/engine.h"

typedef struct state {
    truth *t;
    uint64_t known[ACTORS], objects[OBJECTS], pending[ACTORS], fenced[ACTORS];
    uint64_t remembered[BYTES]; /* accesses since the byte was last wiped */
    bool here[ACTORS], ended[ACTORS], joined[ACTORS], block, fence_set[ACTORS];
    uint16_t epochs[ACTORS];
} state;

static bool touches(const access *a, unsigned byte) {
    return a->is && byte >= a->low && byte < a->low + a->size;
}
static bool conflicts(const access *a, const access *b) {
    return (a->write || b->write) && !(a->atomic && b->atomic);
}
static bool no_weaker(const access *a, const access *b) {
    return (a->write || !b->write) && (!a->atomic || b->atomic);
}

bool stands_for(const truth *t, unsigned a, unsigned b, unsigned byte) {
    const access *x = &t->accesses[a], *y = &t->accesses[b];
    return touches(x, byte) && touches(y, byte) && x->actor == y->actor && x->epoch == y->epoch &&
           no_weaker(x, y);
}

/* An access that this actor made in this epoch says it already, and nobody came in between. */
static bool repeats(const state *s, unsigned i, unsigned byte) {
    for (unsigned j = i; j-- > 0;) {
        if (!(s->remembered[byte] >> j & 1)) continue;
        if (s->t->accesses[j].actor != s->t->accesses[i].actor) return false;
        if (!s->t->accesses[j].atomic && stands_for(s->t, j, i, byte)) return true;
    }
    return false;
}

static void look(state *s, unsigned i, unsigned byte) {
    truth *t = s->t;
    for (unsigned e = 0; e < i; e++) {
        if (!(s->remembered[byte] >> e & 1) || (t->before[i] >> e & 1)) continue;
        if (!conflicts(&t->accesses[e], &t->accesses[i])) continue;
        t->racy[i][byte] |= 1ull << e;
        bool covered = false;
        for (unsigned c = e + 1; c < i; c++)
            covered |= (s->remembered[byte] >> c & 1) && (t->before[c] >> e & 1) &&
                       no_weaker(&t->accesses[c], &t->accesses[e]);
        if (!covered && (t->accesses[i].atomic || !repeats(s, i, byte)))
            t->must[i][byte] |= 1ull << e;
    }
    s->remembered[byte] |= 1ull << i;
}

static void do_access(state *s, unsigned i, const op *o, bool write, bool atomic) {
    s->t->accesses[i] = (access){o->low, o->size, o->actor, s->epochs[o->actor], true, write, atomic};
    for (unsigned b = o->low; b < (unsigned)o->low + o->size; b++) look(s, i, b);
}

static void wipe(state *s, unsigned low, unsigned size, bool bytes) {
    for (unsigned b = low; b < low + size && b < OBJECTS; b++) {
        if (bytes && b < BYTES) s->remembered[b] = 0;
        s->objects[b] = 0;
    }
}

static bool acquires(unsigned order) { return order != GR__RELAXED && order != GR__RELEASE; }
static bool releases(unsigned order) { return order >= GR__RELEASE; }

static void do_atomic(state *s, unsigned i, const op *o) {
    truth *t = s->t;
    uint64_t *object = &s->objects[o->low], me = 1ull << i;
    bool loads = o->verb != STORE, stores = o->verb == STORE || o->verb == RMW;
    unsigned order = o->verb == CAS_FAILED ? o->fail_order : o->order;
    if (loads && acquires(order)) t->before[i] |= *object;
    else if (loads) s->pending[o->actor] |= *object;
    do_access(s, i, o, stores, true);
    if (!stores) return;
    uint64_t gives = releases(order) ? t->before[i] | me : s->fenced[o->actor];
    *object = o->verb == RMW ? *object | gives : gives;
    if (releases(order)) s->epochs[o->actor]++;
}

static void do_sync(state *s, unsigned i, const op *o) {
    uint64_t *object = &s->objects[o->object], *before = &s->t->before[i], me = 1ull << i;
    if (o->verb == ACQUIRE || o->verb == EXCHANGE) *before |= *object;
    if (o->verb == ACQUIRE) return;
    *object = (o->verb == MERGE ? *object : 0) | *before | me;
    s->epochs[o->actor]++;
}

static bool makes_sense(const state *s, const op *o) {
    if (o->gone || !s->here[o->actor] || s->ended[o->actor]) return false;
    switch (o->verb) {
    case FORK: return !s->here[o->other];
    case END: return o->actor != 0;
    case JOIN: return s->ended[o->other] && !s->joined[o->other];
    case FREE: return s->block;
    case ALLOC: return !s->block;
    default: return true;
    }
}

static void step(state *s, unsigned i, const op *o) {
    truth *t = s->t;
    uint64_t me = 1ull << i;
    t->before[i] = s->known[o->actor];
    switch (o->verb) {
    case READ: case WRITE: do_access(s, i, o, o->verb == WRITE, false); break;
    case LOAD: case STORE: case RMW: case CAS_FAILED: do_atomic(s, i, o); break;
    case ACQUIRE: case RELEASE: case MERGE: case EXCHANGE: do_sync(s, i, o); break;
    case FENCE:
        if (acquires(o->order)) {
            t->before[i] |= s->pending[o->actor];
            s->pending[o->actor] = 0;
        }
        if (releases(o->order)) {
            s->fenced[o->actor] = t->before[i] | me;
            s->epochs[o->actor]++;
        }
        break;
    case FORK:
        s->here[o->other] = true;
        s->known[o->other] = t->before[i] | me;
        s->epochs[o->actor]++;
        break;
    case END: s->ended[o->actor] = true; break;
    case JOIN:
        t->before[i] |= s->known[o->other];
        s->joined[o->other] = true;
        break;
    case ALLOC: wipe(s, BLOCK_LOW, BLOCK_SIZE, true); s->block = true; break;
    case FREE: {
        op whole = *o;
        whole.low = BLOCK_LOW;
        whole.size = BLOCK_SIZE;
        do_access(s, i, &whole, true, false);
        wipe(s, BLOCK_LOW, BLOCK_SIZE, false);
        s->block = false;
        break;
    }
    case RESET: wipe(s, o->low, o->size, true); break;
    case DESTROY: wipe(s, o->low, o->size, false); break;
    default: break;
    }
    s->known[o->actor] = t->before[i] | me;
}

void oracle_run(const program *p, truth *t) {
    state s = {.t = t};
    memset(t, 0, sizeof *t);
    s.here[0] = true;
    for (unsigned i = 0; i < OPS; i++) {
        t->does[i] = makes_sense(&s, &p->ops[i]);
        if (t->does[i]) step(&s, i, &p->ops[i]);
    }
}
