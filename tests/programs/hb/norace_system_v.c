// want: none
// flags: -O1 -D_GNU_SOURCE
/* What adds to a semaphore or sends a message comes before what takes; what takes, before who waits for zero. */
#include "system_v.h"
