/* oracle.c - see model.h: truth by sets of events. No shared state. */
#include "tests/model/model.h"

#include <stdio.h>
#include <string.h>

#include "detector/engine/engine.h"

/* What is known of a byte: its accesses since it was last wiped, and those of them that later ones cover. */
typedef struct past { events remembered, covered; } past;

/* What synchronises. Locks and channels are those of programs that become C. */
typedef struct channel { events slots[CHANNEL_ROOM], closed; unsigned sent, received; bool is_closed; } channel;

/* Of a block of this size nothing is remembered once it is free. */
enum { UNMAPPED = 128 * 1024 };

typedef struct state {
    truth *t;
    const program *p;
    events known[ACTORS], pending[ACTORS], fenced[ACTORS], by[ACTORS], this_epoch[ACTORS];
    events writes, atomics;
    uint8_t owners[2][ALL_BYTES];
    events objects[2][ALL_BYTES], mutexes[LOCKS], writers[LOCKS], readers[LOCKS], counters[LOCKS];
    channel channels[LOCKS];
    past bytes[ALL_BYTES];
    home heap[ALL_BYTES]; /* by first byte */
    bool here[ACTORS], ended[ACTORS], joined[ACTORS], thread[ACTORS], ever;
    uint8_t ignore[ACTORS], depth[ACTORS];
    uint16_t epochs[ACTORS];
} state;

static bool touches(const access *a, unsigned byte) {
    return a->is && byte >= a->low && byte < (unsigned)a->low + a->size;
}
static bool no_weaker(const access *a, const access *b) {
    return (a->write || !b->write) && (!a->atomic || b->atomic);
}

bool stands_for(const truth *t, unsigned a, unsigned b, unsigned byte) {
    const access *x = &t->accesses[a], *y = &t->accesses[b];
    return touches(x, byte) && touches(y, byte) && x->actor == y->actor && x->epoch == y->epoch &&
           no_weaker(x, y);
}

/* All accesses that conflict with one like a, and all that are no stronger. */
static events conflicting(const state *s, const access *a) {
    return (a->write ? ~(events)0 : s->writes) & (a->atomic ? ~s->atomics : ~(events)0);
}
static events weaker(const state *s, const access *a) {
    return (a->write ? ~(events)0 : ~s->writes) & (a->atomic ? s->atomics : ~(events)0);
}

/* A plain access that this actor made in this epoch says it already, and nobody came in between. */
static bool repeats(const state *s, const access *a, const past *b) {
    events mine = b->remembered & s->by[a->actor], others = b->remembered & ~mine;
    while (others & (others - 1)) others &= others - 1; /* the last of them */
    events since = others ? ~((others << 1) - 1) : ~(events)0;
    return mine & since & s->this_epoch[a->actor] & ~s->atomics & (a->write ? s->writes : ~(events)0);
}

static void look(state *s, unsigned i, const access *a, unsigned at) {
    truth *t = s->t;
    past *b = &s->bytes[at];
    events racy = b->remembered & ~t->before[i] & conflicting(s, a);
    t->racy[i] |= racy;
    events must = racy & ~b->covered;
    if (must && (a->atomic || !repeats(s, a, b)))
        t->duties[t->duty_count++] = (duty){(uint8_t)i, (uint8_t)at, must};
    b->covered |= b->remembered & t->before[i] & weaker(s, a);
    b->remembered |= event(i);
}

static void new_epoch(state *s, unsigned actor) {
    s->epochs[actor]++;
    s->this_epoch[actor] = 0;
}

static void do_access(state *s, unsigned i, unsigned actor, unsigned low, uint32_t size, unsigned flags) {
    if (s->ignore[actor] || !size) return;
    access a = {.low = (uint8_t)low, .size = size, .actor = (uint8_t)actor, .epoch = s->epochs[actor], .is = true,
                .write = flags & GR__ACCESS_WRITE, .atomic = flags & GR__ACCESS_ATOMIC, .marks = (uint8_t)flags};
    s->t->accesses[i] = a;
    for (unsigned at = low; at - low < size && (at <= BEYOND || low >= CHANNEL); at++) look(s, i, &a, at);
    s->by[actor] |= event(i);
    s->this_epoch[actor] |= event(i);
    if (a.write) s->writes |= event(i);
    if (a.atomic) s->atomics |= event(i);
}

static void wipe(state *s, unsigned low, size_t size, bool bytes) {
    for (unsigned b = low; b <= BEYOND && b - low < size; b++) {
        if (bytes) s->bytes[b] = (past){0, 0};
        s->objects[0][b] = s->objects[1][b] = 0;
        s->owners[0][b] = s->owners[1][b] = 0;
    }
}

static bool acquires(unsigned order) { return order != GR__RELAXED && order != GR__RELEASE; }
static bool releases(unsigned order) { return order >= GR__RELEASE; }

/* What an object has of releases, and whose: an actor's number + 1, 0 when there are none. A relaxed store leaves
 * those of the same actor. */
enum { SEVERAL = 255 };
static void release(events *object, uint8_t *owner, events gives, unsigned actor, bool adds, bool relaxed) {
    uint8_t me = (uint8_t)(actor + 1);
    if (!adds && !(relaxed && *owner == me)) {
        *object = 0;
        *owner = 0;
    }
    *object |= gives;
    if (gives) *owner = *owner && *owner != me ? SEVERAL : me;
}

static void do_atomic(state *s, unsigned i, const op *o) {
    truth *t = s->t;
    events *object = &s->objects[0][o->low];
    uint8_t *owner = &s->owners[0][o->low];
    bool loads = o->verb != STORE, stores = o->verb == STORE || o->verb == RMW;
    unsigned order = o->verb == CAS_FAILED ? o->fail_order : o->order;
    if (loads && acquires(order)) t->before[i] |= *object;
    else if (loads) s->pending[o->actor] |= *object;
    do_access(s, i, o->actor, o->low, o->size, GR__ACCESS_ATOMIC | (stores ? GR__ACCESS_WRITE : 0u));
    if (!stores) return;
    events gives = releases(order) ? t->before[i] | event(i) : s->fenced[o->actor];
    release(object, owner, gives, o->actor, o->verb == RMW, !releases(order));
    if (releases(order)) new_epoch(s, o->actor);
}

static void do_fence(state *s, unsigned i, const op *o) {
    if (acquires(o->order)) {
        s->t->before[i] |= s->pending[o->actor];
        s->pending[o->actor] = 0;
    }
    if (!releases(o->order)) return;
    s->fenced[o->actor] = s->t->before[i] | event(i);
    new_epoch(s, o->actor);
}

/* The steps that engines know. */
static void do_edge(state *s, unsigned i, const op *o) {
    uint8_t *owner = &s->owners[op_of_second(o)][o->object];
    events *object = &s->objects[op_of_second(o)][o->object], *before = &s->t->before[i];
    switch (o->verb) {
    case ACQUIRE_RELAXED: s->pending[o->actor] |= *object; return;
    case RELEASE_RELAXED: release(object, owner, s->fenced[o->actor], o->actor, op_read_modify_writes(o), true); return;
    case ACQUIRE:
        *before |= *object;
        /* Whoever says so in a program means the atomics there too. */
        if (s->p->flavour != ENGINE) *before |= s->objects[0][o->object];
        return;
    case EXCHANGE: *before |= *object; break;
    default: break;
    }
    release(object, owner, *before | event(i), o->actor, o->verb == MERGE, false);
    new_epoch(s, o->actor);
}

/* The steps that programs know: locks, and what waits. */
static void do_lock(state *s, unsigned i, const op *o) {
    unsigned k = o->object % LOCKS;
    events *before = &s->t->before[i];
    switch (o->verb) {
    case MUTEX:
        *before |= s->mutexes[k];
        s->mutexes[k] = *before | event(i);
        break;
    case SHARED:
        *before |= s->writers[k];
        s->readers[k] |= *before | event(i);
        break;
    case EXCLUSIVE:
        *before |= s->writers[k] | s->readers[k];
        s->writers[k] = *before | event(i);
        break;
    case WAIT: *before |= s->counters[k]; return;
    case DONE: s->counters[k] |= *before | event(i); break;
    case MEET:
        *before |= s->known[o->other];
        s->known[o->other] = *before | event(i);
        new_epoch(s, o->other);
        break;
    default: break;
    }
    new_epoch(s, o->actor);
}

/* The k-th send comes before the k-th receive, and that before the send that takes its place. */
static void do_channel(state *s, unsigned i, const op *o) {
    channel *c = &s->channels[o->object % LOCKS];
    events *before = &s->t->before[i];
    if (o->verb == DRAINED) {
        *before |= c->closed;
        return;
    }
    unsigned flags = o->verb == CLOSE ? GR__ACCESS_CHANNEL | GR__ACCESS_WRITE : GR__ACCESS_CHANNEL;
    if (o->verb != RECV) do_access(s, i, o->actor, CHANNEL + o->object % LOCKS, 1, flags);
    if (o->verb == CLOSE) {
        c->is_closed = true;
        c->closed = *before | event(i);
    } else {
        events *slot = &c->slots[(o->verb == SEND ? c->sent++ : c->received++) % CHANNEL_ROOM];
        *before |= *slot;
        *slot = *before | event(i);
    }
    new_epoch(s, o->actor);
}

static void do_life(state *s, unsigned i, const op *o) {
    switch (o->verb) {
    case FORK:
        s->known[o->other] = s->t->before[i] | event(i);
        new_epoch(s, o->actor);
        s->here[o->other] = true;
        s->thread[o->other] = op_of_thread(o);
        break;
    case ROOT:
        s->here[o->other] = true;
        s->thread[o->other] = op_of_thread(o);
        break;
    case END: s->ended[o->actor] = true; break;
    case JOIN:
        if (!s->ended[o->other] || !s->thread[o->other]) break;
        s->t->before[i] |= s->known[o->other];
        s->joined[o->other] = true;
        break;
    default: break;
    }
}

static void do_heap(state *s, unsigned i, const op *o) {
    block b = program_block(s->p, o);
    home *h = &s->heap[b.low];
    if (o->verb == ALLOC) {
        wipe(s, b.low, b.size ? b.size : 1, true);
        for (unsigned at = b.low; at <= BEYOND && at - b.low < (b.size ? b.size : 1); at++)
            s->heap[at].is = false;
        *h = (home){.is = true, .low = b.low, .size = b.size, .allocated = (uint8_t)i};
        s->ever = true;
    } else if (o->verb == FREE) {
        s->t->homes[i] = *h;
        if (!h->is || h->freed) return;
        h->freed = true;
        h->freed_at = (uint8_t)i;
        do_access(s, i, o->actor, h->low, h->size, GR__ACCESS_WRITE | GR__ACCESS_FREE);
        wipe(s, h->low, h->size, h->size >= UNMAPPED);
    } else {
        unsigned at = o->low;
        while (at && !s->heap[at].is) at--;
        if (s->heap[at].is && o->low - at < (s->heap[at].size ? s->heap[at].size : 1))
            s->t->homes[i] = s->heap[at];
    }
}

static void do_world(state *s, const op *o) {
    enum reach reach = o->verb == RESET_STACK ? op_reach(s->p, o) : PART;
    if (reach == PART) wipe(s, o->low, o->size, o->verb != DESTROY);
    if (reach == BELOW || reach == BOTH) wipe(s, 0, SPLIT, true);
    if (reach == ABOVE || reach == BOTH) wipe(s, SPLIT, ALL_BYTES - SPLIT, true);
    if (reach == UPPER) wipe(s, o->low, SPLIT - o->low, true);
}

static bool block_lives(const state *s) {
    return s->heap[LIVE_BLOCK].is && !s->heap[LIVE_BLOCK].freed;
}

/* Real programs must do nothing that hurts, nor wait for what does not come. */
static bool is_harmless(const state *s, const op *o) {
    const channel *c = &s->channels[o->object % LOCKS];
    bool reads = o->verb == READ || o->verb == LOAD;
    switch (o->verb) {
    case READ: case WRITE: case LOAD: case STORE: case RMW: case CAS_FAILED:
        return o->low < LIVE_BYTES || (reads ? s->ever : block_lives(s));
    case RESET: return o->low < LIVE_BYTES;
    case ALLOC: return !block_lives(s);
    case FREE: return block_lives(s);
    case JOIN: return s->ended[o->other];
    case SEND: return !c->is_closed && c->sent - c->received < CHANNEL_ROOM;
    case RECV: return c->sent != c->received;
    case CLOSE: return !c->is_closed;
    case DRAINED: return c->is_closed && c->sent == c->received;
    default: return true;
    }
}

static bool makes_sense(const state *s, const op *o) {
    if (o->gone || !s->here[o->actor] || s->ended[o->actor]) return false;
    bool there = s->here[o->other];
    if (s->p->flavour != ENGINE && !is_harmless(s, o)) return false;
    switch (o->verb) {
    case FORK: case ROOT: return !there;
    case END: return o->actor != 0;
    case JOIN: return there && !s->joined[o->other] && o->other != o->actor;
    case MEET: return there && !s->ended[o->other] && o->other != o->actor;
    case HEED: return s->ignore[o->actor];
    case CALL: return s->depth[o->actor] < DEPTH;
    case RETURN: return s->depth[o->actor];
    default: return true;
    }
}

static void step(state *s, unsigned i, const op *o) {
    truth *t = s->t;
    t->before[i] = s->known[o->actor];
    switch (o->verb) {
    case READ: case WRITE:
        do_access(s, i, o->actor, o->low, o->size,
                  (o->verb == WRITE ? GR__ACCESS_WRITE : 0u) | (op_of_channel(o) ? GR__ACCESS_CHANNEL : 0u) |
                      (op_of_vptr(o) ? GR__ACCESS_VPTR : 0u));
        break;
    case LOAD: case STORE: case RMW: case CAS_FAILED: do_atomic(s, i, o); break;
    case FENCE: do_fence(s, i, o); break;
    case MUTEX: case SHARED: case EXCLUSIVE: case WAIT: case DONE: case MEET: do_lock(s, i, o); break;
    case SEND: case RECV: case CLOSE: case DRAINED: do_channel(s, i, o); break;
    case ROOT: case FORK: case END: case JOIN: do_life(s, i, o); break;
    case ALLOC: case FREE: case FIND: do_heap(s, i, o); break;
    case RESET: case RESET_STACK: case DESTROY: do_world(s, o); break;
    case IGNORE: s->ignore[o->actor]++; break;
    case HEED: s->ignore[o->actor]--; break;
    case CALL: s->depth[o->actor]++; break;
    case RETURN: s->depth[o->actor]--; break;
    default: do_edge(s, i, o); break;
    }
    s->known[o->actor] = t->before[i] | event(i);
}

void oracle_run(const program *p, truth *t) {
    state s = {.t = t, .p = p};
    memset(t, 0, offsetof(truth, duties));
    s.here[0] = true;
    for (unsigned i = 0; i < p->count; i++) {
        t->does[i] = makes_sense(&s, &p->ops[i]);
        if (t->does[i]) step(&s, i, &p->ops[i]);
    }
}

static bool is_reported(const truth *t, const reported *r, unsigned d, unsigned e, unsigned byte) {
    if (has(r->earlier[d], e)) return true;
    for (events others = r->earlier[d]; others; others &= others - 1)
        if (stands_for(t, first_of(others), e, byte)) return true;
    return false;
}

const char *oracle_judge(const truth *t, const reported *r, unsigned limit, char *text, size_t size) {
    if (r->wrong) return r->wrong;
    for (unsigned d = 0; d < OPS; d++) {
        events false_ones = r->earlier[d] & ~t->racy[d];
        if (!false_ones) continue;
        snprintf(text, size, "false report: %u with %u", d, first_of(false_ones));
        return text;
    }
    for (const duty *d = t->duties; d < t->duties + t->duty_count; d++) {
        if (r->per_event[d->now] >= limit) continue;
        for (events left = d->earlier; left; left &= left - 1) {
            unsigned e = first_of(left);
            if (is_reported(t, r, d->now, e, d->byte)) continue;
            snprintf(text, size, "missed: %u with %u on byte %u", d->now, e, d->byte);
            return text;
        }
    }
    return NULL;
}
