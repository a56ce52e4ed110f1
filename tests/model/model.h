/* model.h - random programs, and what is true of them. For the model tests only; one thread.
 *
 * The oracle keeps for each event the set of all events before it, as bits, and no clocks: an edge
 * is a union of sets. A pair of accesses races when they conflict and neither is in the other's set.
 */
#ifndef GR_TESTS_MODEL_H
#define GR_TESTS_MODEL_H

#include <stdbool.h>
#include <stdint.h>

enum { OPS = 64, BYTES = 40, BLOCK_LOW = 16, BLOCK_SIZE = 16, OBJECTS = BYTES + 3, ACTORS = 16 };

enum verb { READ, WRITE, LOAD, STORE, RMW, CAS_FAILED, ACQUIRE, RELEASE, MERGE, EXCHANGE, FENCE, FORK,
            END, JOIN, ALLOC, FREE, RESET, DESTROY, VERBS };

/* One step of a program. Steps that make no sense where they stand (an actor that is not there) do
 * nothing, so that a program stays one when steps are taken out. */
typedef struct op { uint8_t verb, actor, other, low, size, object, order, fail_order; bool gone; } op;

typedef struct pair { uint8_t now, earlier; } pair;

typedef struct program { uint64_t seed; op ops[OPS]; } program;

void program_make(program *p, uint64_t seed);
void program_print(const program *p);

/* --- the oracle --- */
typedef struct access { uint8_t low, size, actor; uint16_t epoch; bool is, write, atomic; } access;
typedef struct truth {
    bool does[OPS];               /* the step makes sense where it stands */
    access accesses[OPS];
    uint64_t before[OPS];
    uint64_t racy[OPS][BYTES];    /* earlier events that race with this one on that byte */
    uint64_t must[OPS][BYTES];    /* those of them that must be reported, or one that stands for them */
} truth;
void oracle_run(const program *p, truth *t);
/* Does a say all that b says, on that byte? (Same actor and epoch, no weaker.) */
bool stands_for(const truth *t, unsigned a, unsigned b, unsigned byte);

/* --- the engine, driven by the same program --- */
typedef struct reported { pair pairs[4096]; unsigned count; unsigned per_event[OPS]; const char *wrong; } reported;
void engine_run(const program *p, const truth *t, reported *out);
#endif
