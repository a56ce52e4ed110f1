/* locks.c - see locks.h. Any thread. */
#include "detector/doors/locks.h"

#include "runtime/os/os.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static const gr__locks_hooks hooks = {.order = gr__tell_lock_order};

void gr__doors_locks_init(void) { gr__locks_open(&hooks); }

void gr__locks_end(gr__actor *self) { gr__held_end(self); }
