/* time.h - front door of the time room: alarms. The heap of alarms has one lock. */
#ifndef GR_RUNTIME_TIME_H
#define GR_RUNTIME_TIME_H

#include <stdbool.h>
#include <stdint.h>

typedef struct gr__alarm {
    uint64_t when;          /* lock: monotonic ns */
    uint64_t period;        /* lock: 0: once */
    void (*fire)(void *argument, uint64_t now); /* under the lock, on any thread, without a goroutine */
    void *argument;
    uint32_t place;         /* lock: in the heap, from 1; 0: not set */
} gr__alarm;

/* True: it was set before. */
bool gr__alarm_set(gr__alarm *alarm, uint64_t when);
bool gr__alarm_stop(gr__alarm *alarm);
/* Set it and park the caller until it is readied. */
struct gr__g;
void gr__alarm_park(struct gr__g *g, gr__alarm *alarm, unsigned reason, uintptr_t pc);

/* The channel of a gr_after is freed. */
struct gr_timer;
void gr__timer_of_channel_free(struct gr_timer *timer);

uint64_t gr__alarms_next(void);         /* when the first is due; 0: none. No lock. */
bool gr__alarms_run(uint64_t now);      /* fire what is due; true: something was */

#endif
