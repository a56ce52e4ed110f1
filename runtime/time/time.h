/* time.h - front door of the time room: alarms. They live in heaps; `lock` is that of an alarm's heap. */
#ifndef GR_RUNTIME_TIME_H
#define GR_RUNTIME_TIME_H

#include "runtime/include/gorace.h"
#include "runtime/os/os.h"

#include <stdbool.h>
#include <stdint.h>

/* The moment that is d from now. */
static inline uint64_t gr__time_after(gr_duration d) {
    uint64_t now = gr__os_now(), then = now + (uint64_t)(d > 0 ? d : 0);
    return then < now ? UINT64_MAX : then;
}

typedef struct gr__alarm {
    uint64_t when;          /* lock: monotonic ns */
    uint64_t period;        /* lock: 0: once */
    void (*fire)(void *argument, uint64_t now); /* under the lock, on any thread, without a goroutine */
    void *argument;
    uint32_t place;         /* lock: in the heap, from 1; 0: not set */
    uint32_t heap;          /* a: which heap, from 1; 0: never set; constant from then on */
} gr__alarm;

/* True: it was set before. */
bool gr__alarm_set(gr__alarm *alarm, uint64_t when);
/* When it returns, `fire` does not run and will not. */
bool gr__alarm_stop(gr__alarm *alarm);
/* Set it and park the caller until it is readied. */
struct gr__g;
void gr__alarm_park(struct gr__g *g, gr__alarm *alarm, unsigned reason, uintptr_t pc);

/* The channel of a gr_after is freed. */
struct gr_timer;
void gr__timer_of_channel_free(struct gr_timer *timer);

/* Each that is set. For who has stopped all threads. */
void gr__alarms_each(void (*visit)(const gr__alarm *alarm, void *argument), void *argument);

uint64_t gr__alarms_next(void);         /* when the first is due; 0: none. No lock. */
bool gr__alarms_run(uint64_t now);      /* fire what is due; true: something was */

#endif
