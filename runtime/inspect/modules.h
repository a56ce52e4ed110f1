/* modules.h - the ELF objects of this process, as records. Session only. */
#ifndef GR_RUNTIME_INSPECT_MODULES_H
#define GR_RUNTIME_INSPECT_MODULES_H

#include <stdbool.h>
#include <stddef.h>

/* When objects were loaded or unloaded since the last call that said so: call `first`, then `put` for
 * the MODULE record of each. `first` is called with the loader's lock held, always exactly once. */
void gr__modules_tell(void (*first)(void), void (*put)(const char *records, size_t length));
/* Who is told next knows nothing yet. */
void gr__modules_forget(void);

#endif
