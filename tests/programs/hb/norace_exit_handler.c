// want: none
// flags: -O1 -D_GNU_SOURCE
/* A handler comes after who registered it. */
#include "exit_handler.h"
