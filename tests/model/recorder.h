/* recorder.h - the engine's event log in memory, and the trace reader's functions on it: what
 * read.c does for files. For tests; one thread. Actors with even numbers write to stream 0, others
 * to stream 1. */
#ifndef GR_TESTS_MODEL_RECORDER_H
#define GR_TESTS_MODEL_RECORDER_H

#include "detector/engine/engine.h"
#include "detector/trace/trace.h"

void recorder_clear(void);
void recorder_switch(gr__actor *actor);
void recorder_add(uint32_t thread, gr__event event);
void recorder_log(gr__actor *self, unsigned event, unsigned arg, uint64_t address, uint32_t number,
                  gr__loc loc);
void recorder_loc(gr__loc loc, gr__loc parent, uintptr_t pc);
/* Never looked into: stands for the one recording there is. */
const gr__trace *recorder_trace(void);

#endif
