/* model.h - random programs, and what is true of them. For the model tests only; one thread.
 *
 * A program is a list of steps in the order in which they happen. The oracle keeps for each step the
 * set of all steps before it, as bits, and no clocks: an edge is a union of sets. A pair of accesses
 * races when they conflict and neither is in the other's set. Programs run on the engine alone
 * (drive.c) or, once made into C (emit.c), as goroutines or threads.
 */
#ifndef GR_TESTS_MODEL_H
#define GR_TESTS_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OPS = 128, ACTORS = 48, DEPTH = 6, LOCKS = 2, BYTES = 192,
       BEYOND = BYTES,                   /* stands for what a large block has above */
       CHANNEL,                          /* the channels of programs that become C, a byte each */
       ALL_BYTES = CHANNEL + LOCKS,
       SPLIT = 96,                       /* where a MiB begins, when the memory is a stack */
       LIVE_BYTES = 112,                 /* of programs that become C; what lies above is their block */
       LIVE_BLOCK = 128, LIVE_SIZE = 64,
       CHANNEL_ROOM = 2, BLOCKS = 9 };

enum verb {
#define VERB(NAME, name, class, engine, goroutines, threads) NAME,
#include "tests/model/verb.def"
#undef VERB
    VERBS
};

enum flavour { ENGINE, GOROUTINES, THREADS, FLAVOURS };
extern const char *const flavour_names[FLAVOURS];

/* One step. Steps that make no sense where they stand (an actor that is not there) do nothing, so that a
 * program stays one when steps are taken out. */
typedef struct op {
    uint8_t verb, actor, other, low, size, object, order, fail_order;
    uint8_t luck; /* what else is to be chosen */
    bool gone;
} op;

typedef struct program {
    uint64_t seed;
    enum flavour flavour;
    bool stack;     /* its memory lies where goroutines' stacks lie */
    unsigned count;
    op ops[OPS];
} program;

void program_make(program *p, uint64_t seed, enum flavour flavour);
void program_print(const program *p);

/* Heap blocks: some share bytes, or granules. A large one goes on where the memory ends, and of these a
 * program has one only: what lies there counts as one byte more, which no other step touches. */
typedef struct block { uint8_t low; uint32_t size; } block;
block program_block(const program *p, const op *o);

/* --- choices that oracle and engine must read alike --- */
static inline bool op_of_channel(const op *o) { return o->luck % 16 == 1; }
static inline bool op_of_vptr(const op *o) { return o->luck % 16 == 2; }
static inline bool op_of_second(const op *o) { return o->luck % 4 == 3; }
static inline bool op_of_thread(const op *o) { return o->luck % 4 != 0; }
static inline bool op_read_modify_writes(const op *o) { return o->luck % 2; }
/* The bytes that a step wipes from a stack: [low, high) of the memory; all of the MiB below SPLIT, all above,
 * or both; or from low to SPLIT, where the MiB begins with another's stack. */
enum reach { PART, BELOW, ABOVE, BOTH, UPPER, REACHES };
static inline enum reach op_reach(const program *p, const op *o) {
    enum reach reach = p->stack ? (enum reach)(o->luck % REACHES) : PART;
    return reach == UPPER && o->low >= SPLIT ? ABOVE : reach;
}

/* --- the oracle --- */
__extension__ typedef unsigned __int128 events;
static inline events event(unsigned i) { return (events)1 << i; }
static inline bool has(events set, unsigned i) { return set >> i & 1; }
static inline unsigned first_of(events set) {
    uint64_t low = (uint64_t)set;
    return low ? (unsigned)__builtin_ctzll(low) : 64u + (unsigned)__builtin_ctzll((uint64_t)(set >> 64));
}

typedef struct access { uint8_t low, actor, marks; uint16_t epoch; uint32_t size; bool is, write, atomic; } access;
/* Of those earlier accesses each must be reported with `now`, or one that stands for it on that byte. */
typedef struct duty { uint8_t now, byte; events earlier; } duty;
typedef struct home { bool is, freed; uint8_t low, allocated, freed_at; uint32_t size; } home;
typedef struct truth {
    bool does[OPS];              /* the step makes sense where it stands */
    access accesses[OPS];
    events before[OPS];
    events racy[OPS];            /* earlier events that race with this one */
    home homes[OPS];             /* of a FREE or FIND: what block is there */
    unsigned duty_count;
    duty duties[OPS * ALL_BYTES];
} truth;
void oracle_run(const program *p, truth *t);
/* Does a say all that b says, on that byte? (Same actor and epoch, no weaker.) */
bool stands_for(const truth *t, unsigned a, unsigned b, unsigned byte);

/* What a run told: for each event the earlier ones, and how many reports that took. */
typedef struct reported { events earlier[OPS]; unsigned per_event[OPS], count; const char *wrong; } reported;
/* NULL when what was reported is true, and all that must be. Else words in text. No more than `limit`
 * reports are expected of one event. */
const char *oracle_judge(const truth *t, const reported *r, unsigned limit, char *text, size_t size);

/* --- as C; see emit.c --- */
void program_emit(const program *p);

/* --- the engine, driven by the same program; `logged`: for a replay --- */
void engine_run(const program *p, const truth *t, bool logged, reported *out);
void engine_forget(void);
#endif
