/* thread_state.c - who acts on a thread. Each variable belongs to its thread. */
#include "detector/doors/doors.h"

/* Any flag keeps it out of the engine. */
gr__actor gr__nobody = {.flags = 1u << 31};
__thread gr__actor *gr__me = &gr__nobody;
__thread int gr__own;

static uint64_t last_number; /* atomic: 0 is the main thread's */

uint64_t gr__thread_number_next(void) { return GR__ADD(&last_number, 1); }
