// want: none
// flags: -O2 -D_GNU_SOURCE -D_FORTIFY_SOURCE=2 -Wno-unused-result
/* The same with sizes checked, and with what the compiler makes of the calls itself. */
#include "sockets.h"
