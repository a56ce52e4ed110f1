/* log.c - see log.h. Called by the thread of the actor, for ordered events under the object's lock.
 *
 * A thread's stream says by SWITCH whose events follow. One is written when the actor differs from
 * the last one's, and after the actor may have acted on another thread: its ticket then puts the
 * events that carry none behind those. */
#include "detector/doors/log.h"

#include "detector/doors/doors.h"
#include "detector/trace/trace.h"
#include "runtime/inspect/session.h"

#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

bool gr__logging;
static __thread uint64_t speaker; /* id of the actor that this thread's stream stands at; 0: none */

void gr__log_moved(void) { speaker = 0; }

static bool ordered(unsigned type) {
    switch (type) {
#define EVENT(id, NAME, name, is_ordered, arg, address, number, place) case id: return is_ordered;
#include "runtime/vocab/event.def"
#undef EVENT
    default: return false;
    }
}

static void log_event(gr__actor *self, unsigned event, unsigned arg, uint64_t address,
                      uint32_t number, gr__loc loc) {
    if (!gr__logging) return;
    if (self && self->id != speaker) {
        speaker = self->id;
        gr__trace_event(GR__EVENT_SWITCH, 0, self->id,
                        ordered(event) ? number : gr__engine_ticket(), 0);
    }
    gr__trace_event(event, arg, address, number, loc);
}

static void log_loc(gr__loc loc, gr__loc parent, uintptr_t pc) {
    if (gr__logging) gr__trace_event(GR__EVENT_LOC, 0, pc, parent, loc);
}

void gr__log_ordered_event(gr__actor *self, unsigned event, unsigned arg, uint64_t address,
                           gr__loc loc) {
    if (gr__logging) log_event(self, event, arg, address, gr__engine_ticket(), loc);
}

void gr__log_more(gr__actor *self, unsigned event, unsigned arg, uint64_t address, uint32_t number) {
    log_event(self, event, arg, address, number, 0);
}

void gr__log_range(gr__actor *self, unsigned event, unsigned arg, uint64_t low, uint64_t size,
                   gr__loc loc) {
    if (!gr__logging) return;
    gr__engine_go_in(); /* no handler's events between these two */
    log_event(self, GR__EVENT_SIZE, 0, size, 0, 0);
    log_event(self, event, arg, low, gr__engine_ticket(), loc);
    gr__engine_come_out();
}

bool gr__log_open(gr__engine_hooks *hooks) {
    const char *path = getenv("GORACE_TRACE");
    if (!path || !*path) return false;
    char executable[1024];
    long n = syscall(SYS_readlinkat, -100, "/proc/self/exe", executable, sizeof executable - 1);
    executable[n > 0 ? n : 0] = 0;
    gr__logging = gr__trace_open(path, executable);
    unsetenv("GORACE_TRACE"); /* programs that this one starts have traces of their own, or none */
    if (!gr__logging) return false;
    hooks->log = log_event;
    hooks->new_loc = log_loc;
    gr__session_tap = gr__trace_records;
    return true;
}

void gr__log_thread_end(void) {
    if (gr__logging) gr__trace_thread_end();
}

void gr__log_complete(void) {
    if (gr__logging) gr__trace_complete();
}

void gr__log_forked(void) {
    gr__logging = false;
    gr__session_tap = NULL;
    gr__trace_forked();
}
