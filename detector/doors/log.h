/* log.h - the tap that writes the engine's operations into a trace. Doors only. */
#ifndef GR_DETECTOR_DOORS_LOG_H
#define GR_DETECTOR_DOORS_LOG_H

#include "detector/engine/engine.h"

/* Opens the trace that $GORACE_TRACE names, and puts the taps into hooks; false: there is none. */
bool gr__log_open(gr__engine_hooks *hooks);
extern bool gr__logging; /* constant after it, but for the child of a fork */

/* An ordered event of the doors themselves; nothing without a trace. */
void gr__log_ordered_event(gr__actor *self, unsigned event, unsigned arg, uint64_t address,
                           gr__loc loc);
/* One that is not ordered: what it says belongs to the ordered one before it. */
void gr__log_more(gr__actor *self, unsigned event, unsigned arg, uint64_t address, uint32_t number);
/* An ordered one about [low, low + size). */
void gr__log_range(gr__actor *self, unsigned event, unsigned arg, uint64_t low, uint64_t size,
                   gr__loc loc);
/* Another actor goes on on this thread, or ours was acted for elsewhere. */
void gr__log_moved(void);
/* The thread logs no more. */
void gr__log_thread_end(void);
void gr__log_complete(void);
void gr__log_forked(void);

#endif
