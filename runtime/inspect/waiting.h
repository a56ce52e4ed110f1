/* waiting.h - what a parked goroutine waits for, as records. For dumps and for the doors. */
#ifndef GR_RUNTIME_INSPECT_WAITING_H
#define GR_RUNTIME_INSPECT_WAITING_H

#include "runtime/inspect/goroutine.h"
#include "runtime/inspect/record.h"

/* SELECT_CASE records for a select, else a WAIT_OBJECT; they belong to the ACTOR put last. make_room is
 * called when the buffer gets full: it empties it. */
/* Threads may stand still with any lock in their hands: what takes one is left out. */
extern bool gr__waiting_halted;
void gr__put_waiting(gr__record_buffer *b, const gr__g_head *waiter, void (*make_room)(void));
/* The same, with who else can reach each channel or lock: enum gr__record_reach. reached may be NULL. */
void gr__put_waiting_reached(gr__record_buffer *b, const gr__g_head *waiter,
                             unsigned (*reached)(const void *object, void *argument), void *argument,
                             void (*make_room)(void));

#endif
