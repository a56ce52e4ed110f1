// want: none
// flags: -O1 -D_GNU_SOURCE
/* Who gets a lock of an open file comes after who gave it back, or closed it. */
#include "file_lock.h"
