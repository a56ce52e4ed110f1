/* extent.h - which memory is a block of the heap: bits beside the program's memory, for who asks
 * what can still be reached. Engine only; its front is in engine.h.
 *
 * One bit for 16 bytes in each of four maps: here a block begins, here one ends, the one that
 * begins here was freed, the one that begins here is marked. What lies in no block is not known:
 * nobody saw who allocated it. Any thread notes blocks that are its own; marking and walking is for
 * one that has stopped all others.
 */
#ifndef GR_DETECTOR_ENGINE_EXTENT_H
#define GR_DETECTOR_ENGINE_EXTENT_H

#include "detector/engine/engine.h"

void gr__extent_reset(void);

#endif
