/* calls.h - calls that the clock or the world outside ends: which one a thread stands in, for dumps. Doors only.
 *
 * A thread keeps account for itself, with a few stores and no lock; who dumps looks when it stands still. What
 * must be ended by somebody of this program is in waits.h. */
#ifndef GR_DETECTOR_DOORS_CALLS_H
#define GR_DETECTOR_DOORS_CALLS_H

#include "detector/doors/doors.h"
#include "runtime/vocab/wait.h"

struct gr__g;
typedef struct gr__call {
    struct gr__call *next, **at;
    gr__actor *actor;           /* the rest: its thread */
    struct gr__g *g;            /* the goroutine that stands in it; NULL: a plain thread */
    uintptr_t object, pc;
    gr__loc context;
    uint64_t since_ns;
    uint32_t reason;            /* atomic: wait.def; 0: none */
} gr__call;

void gr__call_begin(unsigned reason, uintptr_t object, uintptr_t pc);
void gr__call_end(void);
/* This thread ends. */
void gr__calls_forget(void);
/* The call of that goroutine; with NULL, of the plain thread with the smallest number from that on. NULL: none. */
const gr__call *gr__call_of(const struct gr__g *g, uint64_t number);

/* The value of `call`, in which the thread is seen to wait for `object`: a descriptor or an address; 0: none. */
#define GR__STANDING_IN(REASON, object, pc, call)                                                 \
    __extension__({                                                                               \
        gr__call_begin(GR__WAIT_##REASON, (uintptr_t)(object), pc);                               \
        __typeof__(call) result_ = call;                                                          \
        gr__call_end();                                                                           \
        result_;                                                                                  \
    })

#endif
