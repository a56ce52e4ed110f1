/* finding.h - from the engine's conflict to the records of a finding. One builder for the live
 * program (doors) and for the replay of a trace. No malloc; safe while other threads go on.
 */
#ifndef GR_DETECTOR_FINDING_H
#define GR_DETECTOR_FINDING_H

#include "detector/engine/engine.h"

/* Memory of a thread or goroutine. */
typedef struct gr__finding_place {
    uint64_t actor;            /* whose; 0: of a thread that runs goroutines */
    uintptr_t low;
    size_t size;
    bool tls;                  /* thread-local storage, of the module that begins at `module`: */
    uintptr_t module, offset;  /* the variable is `offset` from the beginning; module 0: not known */
} gr__finding_place;

/* What the builder must ask the world for. Any may be NULL: then it is not known. */
typedef struct gr__finding_world {
    bool (*stack_place)(uintptr_t address, gr__finding_place *out);
    /* Both used the storage of the thread that both ran on, so one after the other? thorough: take time. */
    bool (*in_turn)(const gr__conflict_side *now, const gr__conflict_side *earlier, bool thorough);
    unsigned (*actor_state)(uint64_t actor, unsigned *wait, uint64_t *wait_ns); /* gr__record_actor_state */
    const char *(*actor_name)(uint64_t actor);                                  /* NULL: none */
    /* A group goes out: begin, records, end; false: it is left out, and doesn't count. */
    void (*begin)(void);
    void (*put)(const char *records, size_t length);
    bool (*end)(void);
} gr__finding_world;

void gr__finding_init(const gr__finding_world *world);
/* Report a race, unless its memory is benign, its sides were in turn, or its two places were reported before
 * (both ways round). True: reported. */
bool gr__finding_race(gr__actor *self, const gr__conflict_side *now, const gr__conflict_side *earlier);
/* Findings so far: races, all. */
uint64_t gr__finding_races(void);
uint64_t gr__finding_count(void);
uint64_t gr__finding_next_serial(void);

/* --- benign.c: memory whose races are not to be told. Until it is freed, where it is a heap block. --- */
void gr__benign_add(uintptr_t address, size_t size);
bool gr__benign(uintptr_t address, size_t size);

/* --- mapping.c: what the program has mapped --- */
typedef struct gr__mapping { uintptr_t low, high; uint64_t actor; gr__loc at; } gr__mapping;
void gr__mapping_made(const gr__mapping *made);
void gr__mapping_gone(uintptr_t low, uintptr_t high);
bool gr__mapping_find(uintptr_t address, gr__mapping *out);

#endif
