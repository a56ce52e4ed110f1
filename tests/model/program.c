/* program.c - see model.h: make random programs, and print them. No shared state. */
#include "tests/model/model.h"

#include <stdio.h>
#include <string.h>

#include "detector/engine/engine.h"

enum class { PLAIN, ATOMIC, EDGE, LIFE, HEAP, WORLD, CONTEXT, CLASSES };

const char *const flavour_names[FLAVOURS] = {"engine", "goroutines", "threads"};
static const block blocks[BLOCKS] = {{16, 16}, {16, 40}, {32, 1}, {33, 7}, {48, 48}, {64, 0}, {100, 92},
                                     {0, BYTES}, {8, 70000}};

block program_block(const program *p, const op *o) {
    if (p->flavour != ENGINE) return (block){LIVE_BLOCK, LIVE_SIZE};
    block b = blocks[o->object % BLOCKS];
    return b.size > BYTES && p->seed % 2 ? (block){128, 300000} : b;
}

static const struct { const char *name; uint8_t class, weights[FLAVOURS]; } verbs[VERBS] = {
#define VERB(NAME, name, class, engine, goroutines, threads) {#name, class, {engine, goroutines, threads}},
#include "tests/model/verb.def"
#undef VERB
};

static uint32_t next(uint64_t *x) {
    *x ^= *x << 13;
    *x ^= *x >> 7;
    *x ^= *x << 17;
    return (uint32_t)(*x * 0x2545f4914f6cdd1dull >> 32);
}

/* Who lives, as the steps so far have it. */
typedef struct cast { uint8_t living[ACTORS], ended[ACTORS]; unsigned lives, ends, used; } cast;

typedef struct maker {
    uint64_t x;
    program *p;
    unsigned factors[VERBS], total; /* by verb */
    unsigned span, first_actors;
    uint8_t spots[4];               /* where objects are */
    cast cast;
} maker;

static unsigned below(maker *m, unsigned n) { return next(&m->x) % n; }
static bool one_in(maker *m, unsigned n) { return below(m, n) == 0; }

/* What a program is mostly about. */
static void choose_mood(maker *m) {
    unsigned factor[CLASSES] = {1, 1, 1, 1, 1, 1, 1}, mood = below(m, 64);
    if (mood & 1) factor[EDGE] = 6;
    if (mood & 2) factor[ATOMIC] = 6;
    if (mood & 4) factor[LIFE] = mood & 8 ? 8 : 3;
    if ((mood & 48) == 48) factor[HEAP] = factor[WORLD] = 5;
    if ((mood & 56) == 32) factor[PLAIN] = 8;
    if ((mood & 56) == 40) factor[CONTEXT] = 5;
    for (unsigned v = 0; v < VERBS; v++)
        m->total += m->factors[v] = verbs[v].weights[m->p->flavour] * factor[verbs[v].class];
    if (one_in(m, 4)) { /* many readers */
        m->total -= m->factors[WRITE];
        m->total += m->factors[WRITE] = 2;
    }
}

static unsigned choose_verb(maker *m) {
    if (m->cast.lives < m->first_actors && m->cast.used < m->first_actors) return FORK;
    unsigned verb = 0;
    for (unsigned r = below(m, m->total); r >= m->factors[verb]; verb++) r -= m->factors[verb];
    return verb;
}

static void choose_bytes(maker *m, op *o, bool atomic) {
    unsigned size = 1u << below(m, 5), span = m->span, low = 0;
    if (!atomic && one_in(m, 4)) size = below(m, 21);
    if (!atomic && one_in(m, 20)) size = below(m, BYTES + 1);
    if (m->p->flavour != ENGINE && one_in(m, 5)) {
        low = LIVE_BLOCK;
        span = LIVE_SIZE;
    }
    if (size > span) size = atomic ? 8 : span;
    low += below(m, span - size + (size > 0));
    if (m->p->flavour == ENGINE && m->span == BYTES && one_in(m, 4)) { /* in the blocks, or over the edge */
        low = one_in(m, 2) ? blocks[below(m, BLOCKS)].low : SPLIT - 8 + below(m, 16);
        if (low + size > BYTES) low = BYTES - size;
    }
    if (atomic) low &= ~(size - 1);
    o->low = (uint8_t)low;
    o->size = (uint8_t)size;
}

static void cast_step(cast *c, const op *o) {
    if (o->verb == FORK || o->verb == ROOT) {
        c->living[c->lives++] = o->other;
        if (o->other >= c->used) c->used = o->other + 1u;
    }
    if (o->verb != END || o->actor == 0) return;
    for (unsigned i = 0; i < c->lives; i++)
        if (c->living[i] == o->actor) c->living[i] = c->living[--c->lives];
    c->ended[c->ends++] = o->actor;
}

static bool is_one_of(unsigned order, unsigned orders) { return orders >> order & 1; }

/* What C allows, and what its calls do. */
static void make_real(maker *m, op *o) {
    const unsigned loading = 1 << GR__RELAXED | 1 << GR__CONSUME | 1 << GR__ACQUIRE | 1 << GR__SEQ_CST;
    const unsigned storing = 1 << GR__RELAXED | 1 << GR__RELEASE | 1 << GR__SEQ_CST;
    unsigned orders = o->verb == LOAD ? loading : o->verb == STORE ? storing : 63;
    while (!is_one_of(o->order, orders)) o->order = (uint8_t)below(m, 6);
    if (o->verb == CAS_FAILED) o->order = GR__SEQ_CST;
    if (o->verb == ACQUIRE || o->verb == MERGE || o->verb == FORK) o->luck |= 3; /* second objects; threads */
}

static void choose(maker *m, op *o) {
    cast *c = &m->cast;
    o->verb = (uint8_t)choose_verb(m);
    if ((o->verb == FORK || o->verb == ROOT) && c->used == ACTORS) o->verb = READ;
    o->actor = c->living[below(m, c->lives)];
    o->other = (uint8_t)c->used;
    if (o->verb == JOIN && c->ends && !one_in(m, 8)) o->other = c->ended[below(m, c->ends)];
    else if (o->verb == JOIN || o->verb == MEET) o->other = c->living[below(m, c->lives)];
    choose_bytes(m, o, verbs[o->verb].class == ATOMIC && o->verb != FENCE);
    bool heap = o->verb == ALLOC || o->verb == FREE;
    o->object = heap ? (uint8_t)below(m, BLOCKS) : m->spots[below(m, sizeof m->spots)];
    o->order = (uint8_t)below(m, 6);
    o->fail_order = (uint8_t)below(m, 3);
    o->luck = (uint8_t)below(m, 256);
    if (m->p->flavour != ENGINE) make_real(m, o);
    cast_step(c, o);
}

void program_make(program *p, uint64_t seed, enum flavour flavour) {
    static const uint8_t counts[] = {40, 64, 64, OPS};
    maker m = {.x = (seed + ((uint64_t)flavour << 56)) * 0x9e3779b97f4a7c15ull + 1, .p = p};
    memset(p, 0, sizeof *p);
    p->seed = seed;
    p->flavour = flavour;
    for (unsigned i = 0; i < 8; i++) next(&m.x);
    p->count = counts[below(&m, sizeof counts)];
    p->stack = one_in(&m, 4);
    choose_mood(&m);
    m.first_actors = one_in(&m, 6) ? 8 + below(&m, 24) : 2 + below(&m, 6);
    unsigned all = flavour == ENGINE ? BYTES : LIVE_BYTES;
    static const uint8_t spans[] = {8, 8, 16, 24, 40};
    m.span = one_in(&m, 4) ? all : spans[below(&m, sizeof spans)];
    for (unsigned i = 0; i < sizeof m.spots; i++) m.spots[i] = (uint8_t)below(&m, m.span);
    if (one_in(&m, 2)) m.spots[0] = blocks[0].low;
    m.cast = (cast){.lives = 1, .used = 1};
    for (unsigned i = 0; i < p->count; i++) choose(&m, &p->ops[i]);
}

void program_print(const program *p) {
    static truth t;
    oracle_run(p, &t);
    fprintf(stderr, "seed %llu, %s%s\n", (unsigned long long)p->seed, flavour_names[p->flavour],
            p->stack ? ", on a stack" : "");
    for (unsigned i = 0; i < p->count; i++) {
        const op *o = &p->ops[i];
        if (t.does[i])
            fprintf(stderr, "%3u actor %u %-10s bytes %u+%u object %u other %u order %u fail %u luck %u\n", i,
                    o->actor, verbs[o->verb].name, o->low, o->size, o->object, o->other, o->order,
                    o->fail_order, o->luck);
    }
}
