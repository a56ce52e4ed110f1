// want: race 'flock_unlock_x' 'flock_close_x' 'open_file_lock_x'
// flags: -O1 -D_GNU_SOURCE
/* What is done after a lock of a file was given back is not there for who gets it. */
#define RACING
#include "file_lock.h"
