/* finding.h - from the engine's conflict to the records of a finding. One builder for the live
 * program (doors) and for the replay of a trace. No malloc; safe while other threads go on.
 */
#ifndef GR_DETECTOR_FINDING_H
#define GR_DETECTOR_FINDING_H

#include "detector/engine/engine.h"

/* What the builder must ask the world for. Any may be NULL: then it is not known. */
typedef struct gr__finding_world {
    /* Whose stack (or thread-local storage: *tls) is it? */
    bool (*stack_owner)(uintptr_t address, uint64_t *actor, uintptr_t *low, size_t *size, bool *tls);
    unsigned (*actor_state)(uint64_t actor, unsigned *wait, uint64_t *wait_ns); /* gr__record_actor_state */
    const char *(*actor_name)(uint64_t actor);                                  /* NULL: none */
    /* A group goes out: begin, records, end. */
    void (*begin)(void);
    void (*put)(const char *records, size_t length);
    void (*end)(void);
} gr__finding_world;

void gr__finding_init(const gr__finding_world *world);
/* Report a race, unless its two places were reported before (both ways round). True: reported. */
bool gr__finding_race(gr__actor *self, const gr__conflict_side *now, const gr__conflict_side *earlier);
/* Findings so far: races, all. */
uint64_t gr__finding_races(void);
uint64_t gr__finding_count(void);
uint64_t gr__finding_next_serial(void);

#endif
