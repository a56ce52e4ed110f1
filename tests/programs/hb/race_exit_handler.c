// want: race 'by_atexit' 'by_on_exit'
// flags: -O1 -D_GNU_SOURCE
/* But not after what that one did next. */
#define RACING
#include "exit_handler.h"
