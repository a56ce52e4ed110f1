/* program.c - see model.h: make random programs, print them, run them on the engine. One thread:
 * `log` of the run is global because the engine's hooks are. */
#include "tests/model/model.h"

#include <stdio.h>
#include <string.h>

#include "detector/engine/access.h"
#include "tests/model/recorder.h"

enum { FIRST_PC = 4096 };

static _Alignas(64) char memory[64];
static const char *const words[] = {"read", "write", "load", "store", "rmw", "cas_failed", "acquire",
                                    "release", "merge", "exchange", "fence", "fork", "end", "join",
                                    "alloc", "free", "reset", "destroy"};

static uint64_t next(uint64_t *x) {
    *x ^= *x << 13;
    *x ^= *x >> 7;
    *x ^= *x << 17;
    return *x * 0x2545f4914f6cdd1dull >> 32;
}

/* How often each verb comes, of 100 or so. */
static const uint8_t weights[VERBS] = {22, 18, 5, 5, 5, 2, 8, 8, 4, 4, 5, 7, 2, 3, 2, 2, 1, 1};

static unsigned weight(unsigned verb, unsigned mood) {
    bool edge = verb >= ACQUIRE && verb <= EXCHANGE;
    bool atomic = verb >= LOAD && verb <= CAS_FAILED;
    return weights[verb] * (edge && mood & 1 ? 8u : 1u) * ((atomic || verb == FENCE) && mood & 2 ? 6u : 1u);
}

static unsigned choose_verb(uint64_t *x, unsigned mood) {
    unsigned total = 0, at = 0;
    for (unsigned i = 0; i < VERBS; i++) total += weight(i, mood);
    for (unsigned r = (unsigned)(next(x) % total); r >= weight(at, mood); at++) r -= weight(at, mood);
    return at;
}

void program_make(program *p, uint64_t seed) {
    uint64_t x = seed * 0x9e3779b97f4a7c15ull + 1;
    memset(p, 0, sizeof *p);
    p->seed = seed;
    unsigned actors = 2 + (unsigned)(next(&x) % 7);
    unsigned span = (unsigned)(next(&x) % 3 ? 8 + next(&x) % 8 : BYTES);
    unsigned mood = (unsigned)(next(&x) % 4);
    for (unsigned i = 0; i < OPS; i++) {
        op *o = &p->ops[i];
        o->verb = (uint8_t)(i < 2 ? FORK : choose_verb(&x, mood));
        o->actor = (uint8_t)(i < 2 ? 0 : next(&x) % actors);
        o->other = (uint8_t)(i < 2 ? i + 1 : 1 + next(&x) % (actors + 4 < ACTORS ? actors + 4 : ACTORS - 1));
        if (i >= OPS / 2 && next(&x) % 2) o->actor = (uint8_t)(next(&x) % (actors + 4));
        bool atomic = o->verb >= LOAD && o->verb <= CAS_FAILED;
        unsigned size = atomic || next(&x) % 4 ? 1u << next(&x) % 4 : 1 + (unsigned)(next(&x) % 20);
        if (size > span) size = span;
        unsigned low = (unsigned)(next(&x) % (span - size + 1));
        if (BLOCK_LOW + size <= BYTES && next(&x) % 6 == 0) low = BLOCK_LOW;
        if (atomic) low &= ~(size - 1);
        o->low = (uint8_t)low;
        o->size = (uint8_t)size;
        o->object = (uint8_t)(next(&x) % 4 ? BYTES + next(&x) % 3 : BLOCK_LOW);
        o->order = (uint8_t)(next(&x) % 6);
        o->fail_order = (uint8_t)(next(&x) % 3);
    }
}

void program_print(const program *p) {
    truth t;
    oracle_run(p, &t);
    for (unsigned i = 0; i < OPS; i++) {
        const op *o = &p->ops[i];
        if (t.does[i])
            fprintf(stderr, "%2u actor %u %-10s bytes %u+%u object %u other %u order %u fail %u\n", i,
                    o->actor, words[o->verb], o->low, o->size, o->object, o->other, o->order,
                    o->fail_order);
    }
}

static reported *out;
static const truth *known;

static unsigned event_of(gr__loc loc) {
    uintptr_t pc = 0;
    gr__loc_stack(loc, &pc, 1);
    return (unsigned)(pc - FIRST_PC);
}

static void on_race(gr__actor *self, const gr__conflict_side *now, const gr__conflict_side *earlier) {
    unsigned d = event_of(now->loc), e = event_of(earlier->loc);
    if (d >= OPS || e >= OPS) {
        out->wrong = "a side's place is no event's";
        return;
    }
    const access *a = &known->accesses[e];
    uintptr_t low = earlier->address - (uintptr_t)memory;
    gr__actor *by = gr__actor_by_id(earlier->actor);
    if (now->actor != self->id || !by || by->number != a->actor) out->wrong = "wrong actor";
    if (low < a->low || low + earlier->size > (unsigned)a->low + a->size) out->wrong = "wrong bytes";
    if (!(earlier->flags & GR__ACCESS_WRITE) != !a->write) out->wrong = "wrong flags";
    if (!(earlier->flags & GR__ACCESS_ATOMIC) != !a->atomic) out->wrong = "wrong flags";
    if (out->count < sizeof out->pairs / sizeof *out->pairs)
        out->pairs[out->count++] = (pair){(uint8_t)d, (uint8_t)e};
    out->per_event[d]++;
}

static enum gr__atomic_did operate(void *argument) { return *(enum gr__atomic_did *)argument; }

static void atomic_op(gr__actor *self, const op *o, uintptr_t pc) {
    enum gr__atomic_did kind = o->verb == LOAD ? GR__DID_LOAD : o->verb == STORE ? GR__DID_STORE : GR__DID_RMW;
    enum gr__atomic_did did = o->verb == CAS_FAILED ? GR__DID_LOAD : kind;
    gr__atomic(self, (uintptr_t)memory + o->low, o->size, kind, o->order, o->fail_order, pc, operate, &did);
}

static void plain_op(gr__actor *self, const op *o, uintptr_t pc) {
    unsigned flags = o->verb == WRITE ? GR__ACCESS_WRITE : 0;
    uintptr_t a = (uintptr_t)memory + o->low;
    switch (o->size) {
    case 1: gr__access_fast(self, a, 1, flags, pc); break;
    case 2: gr__access_fast(self, a, 2, flags, pc); break;
    case 4: gr__access_fast(self, a, 4, flags, pc); break;
    case 8: gr__access_fast(self, a, 8, flags, pc); break;
    case 16: gr__access_fast(self, a, 16, flags, pc); break;
    default: gr__access_range(self, a, o->size, flags, pc);
    }
}

void engine_run(const program *p, const truth *t, reported *result) {
    gr__actor *actors[ACTORS] = {0};
    gr__engine_hooks hooks = {.race = on_race, .log = recorder_log, .new_loc = recorder_loc};
    gr__engine_init(&hooks);
    gr__engine_reset();
    recorder_clear();
    memset(result, 0, sizeof *result);
    out = result;
    known = t;
    actors[0] = gr__actor_root(GR__ACTOR_THREAD, 0);
    for (unsigned i = 0; i < OPS; i++) {
        const op *o = &p->ops[i];
        if (!t->does[i]) continue;
        gr__actor *self = actors[o->actor];
        uintptr_t pc = FIRST_PC + i, object = (uintptr_t)memory + o->object;
        recorder_switch(self);
        switch (o->verb) {
        case READ: case WRITE: plain_op(self, o, pc); break;
        case LOAD: case STORE: case RMW: case CAS_FAILED: atomic_op(self, o, pc); break;
        case ACQUIRE: gr__acquire(self, object, 0); break;
        case RELEASE: gr__release(self, object, 0); break;
        case MERGE: gr__release_merge(self, object, 0); break;
        case EXCHANGE: gr__release_acquire(self, object, 0); break;
        case FENCE: gr__fence(self, o->order); break;
        case FORK: actors[o->other] = gr__actor_fork(self, GR__ACTOR_THREAD, o->other, 0); break;
        case END: gr__actor_end(self); break;
        case JOIN: gr__actor_join(self, actors[o->other], 0); break;
        case ALLOC: gr__heap_alloc(self, (uintptr_t)memory + BLOCK_LOW, BLOCK_SIZE, 0); break;
        case FREE: gr__heap_free(self, (uintptr_t)memory + BLOCK_LOW, gr__loc_child(0, pc)); break;
        case RESET: gr__memory_reset((uintptr_t)memory + o->low, o->size); break;
        case DESTROY: gr__sync_destroy((uintptr_t)memory + o->low, o->size); break;
        default: break;
        }
    }
}
