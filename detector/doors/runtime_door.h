/* runtime_door.h - what the doors know of goroutines. Doors only. */
#ifndef GR_DETECTOR_DOORS_RUNTIME_DOOR_H
#define GR_DETECTOR_DOORS_RUNTIME_DOOR_H

#include "detector/engine/engine.h"

struct gr__g;

gr__actor *gr__goroutine_actor(struct gr__g *g); /* NULL before it is attached and after its end */
/* The process is about to end: no goroutine that is parked now runs again, so what is known of it stays
 * true. Those that run go on. */
void gr__goroutines_freeze(void);
/* What is known of its leak: it was told, or is not to be. */
enum gr__leak { GR__LEAK_NEW, GR__LEAK_TOLD, GR__LEAK_LEFT_OUT };
enum gr__leak gr__goroutine_leak(struct gr__g *g);
void gr__goroutine_leak_set(struct gr__g *g, enum gr__leak leak);
bool gr__goroutine_stack_owner(uintptr_t address, uint64_t *actor, uintptr_t *low, size_t *size);
/* Of the goroutine that runs here, when address is in its stack. */
bool gr__goroutine_stack_here(uintptr_t address, uintptr_t *low, uintptr_t *high);
const char *gr__goroutine_name(uint64_t actor); /* NULL: it is none */

#endif
