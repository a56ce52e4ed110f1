/* leaks.h - goroutines that wait for ever: looked for at the end, when the program asks, and every
 * so often. Doors only; any thread, with no lock held.
 */
#ifndef GR_DETECTOR_DOORS_LEAKS_H
#define GR_DETECTOR_DOORS_LEAKS_H

#include <stdint.h>

/* The program ends: no goroutine that is parked now runs again. `sp`: see gr__exit_from. */
void gr__leaks_at_end(uintptr_t sp);
/* How many goroutines are stuck; new ones are told. -1: it can't be told. The caller's stack is in
 * use from sp on. */
int gr__leaks_now(uintptr_t sp);
/* Start to look every so often, if that is wanted. The first call counts. */
void gr__leaks_watch(void);

#endif
