// want: none
// flags: -O1 -D_GNU_SOURCE -Wno-unused-result
/* Blocks that one thread makes and another frees, in turns. */
#include "blocks.h"
