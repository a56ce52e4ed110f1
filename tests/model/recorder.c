/* recorder.c - see recorder.h. */
#include "tests/model/recorder.h"

enum { STREAMS = 2, EVENTS = 8192 };

static gr__event events[STREAMS][EVENTS];
static uint32_t counts[STREAMS], current;
static uint64_t speaker; /* id of the actor that the current stream stands at */

void recorder_clear(void) {
    for (unsigned i = 0; i < STREAMS; i++) counts[i] = 0;
    current = 0;
}

void recorder_add(uint32_t thread, gr__event event) {
    if (counts[thread] < EVENTS) events[thread][counts[thread]++] = event;
}

void recorder_switch(gr__actor *actor) {
    current = (uint32_t)(actor->number % STREAMS);
    speaker = actor->id;
    recorder_add(current, gr__event_make(GR__EVENT_SWITCH, 0, actor->id, gr__engine_ticket(), 0));
}

void recorder_log(gr__actor *self, unsigned event, unsigned arg, uint64_t address, uint32_t number,
                  gr__loc loc) {
    if (self && self->id != speaker) { /* one acts for another */
        speaker = self->id;
        recorder_add(current, gr__event_make(GR__EVENT_SWITCH, 0, self->id, gr__engine_ticket(), 0));
    }
    recorder_add(current, gr__event_make(event, arg, address, number, loc));
}

void recorder_loc(gr__loc loc, gr__loc parent, uintptr_t pc) {
    recorder_add(current, gr__event_make(GR__EVENT_LOC, 0, pc, parent, loc));
}

const gr__trace *recorder_trace(void) { return (const gr__trace *)(const void *)events; }

uint32_t gr__trace_threads(const gr__trace *trace) {
    (void)trace;
    return STREAMS;
}

bool gr__trace_next(const gr__trace *trace, gr__trace_cursor *cursor, gr__event *event) {
    (void)trace;
    if (cursor->offset >= counts[cursor->thread]) return false;
    *event = events[cursor->thread][cursor->offset++];
    return true;
}
