/* stream.h - what interceptors of stdio tell of a FILE. Doors only; any thread.
 *
 * A FILE's own lock orders nothing for the program's memory, as the C standard has it; flockfile and
 * funlockfile do. Whoever uses a FILE touches it, atomically, so that its end conflicts with what is not
 * ordered before it. A FILE over a pipe or socket carries what the descriptor carries. */
#ifndef GR_DETECTOR_DOORS_STREAM_H
#define GR_DETECTOR_DOORS_STREAM_H

#include "detector/doors/interpose.h"

void gr__stream_goes(FILE *file, uintptr_t pc); /* before output */
void gr__stream_came(FILE *file, uintptr_t pc); /* after input */

#endif
