/* pages.h - address space for the engine: reserved, zero until touched, never charged. Engine only.
 * Thread-safe: no state.
 */
#ifndef GR_DETECTOR_ENGINE_PAGES_H
#define GR_DETECTOR_ENGINE_PAGES_H

#include "runtime/base/base.h"

/* Reserve size bytes at a fixed place (0: anywhere). NULL when it can't be had; errno says why. */
void *gr__pages_reserve(uintptr_t at, size_t size);
/* Zero again, and give the memory back. */
void gr__pages_forget(void *low, size_t size);
/* Soon [low, low + size) will be written: make the pages at once, if the kernel can. */
void gr__pages_expect(void *low, size_t size);
/* Call visit for each run of pages in [low, high) that may hold something else than zeros; ends are
 * cut to the range, not to pages. */
void gr__pages_each_touched(uintptr_t low, uintptr_t high,
                            void (*visit)(uintptr_t low, uintptr_t high, void *argument),
                            void *argument);

#endif
