/* net.h - front door of the net room: who waits for a descriptor parks its goroutine, and a thread of
 * the scheduler that has nothing else to do asks the kernel for all of them. Called by sched. */
#ifndef GR_RUNTIME_NET_H
#define GR_RUNTIME_NET_H

#include "runtime/base/base.h"

extern uint32_t gr__net_waiting;    /* a: goroutines that are parked for a descriptor, or about to be */

static inline bool gr__net_active(void) { return GR__LOAD(&gr__net_waiting) != 0; }

/* Ready the goroutines whose descriptors are, waiting for the first of them until that time on the
 * monotonic clock (0: do not wait; UINT64_MAX: no limit). How many; 0 also when interrupted. Any
 * thread, any number at once, on a scheduler's stack; no lock of the runtime's held. */
uint32_t gr__net_poll(uint64_t until_ns);
/* Whoever waits in gr__net_poll now, or else the next one who does, comes back. Keeps errno. */
void gr__net_interrupt(void);

#endif
