// want: race 'spliced' 'teed'
// flags: -O1 -D_GNU_SOURCE
/* But not after what that one did next. */
#define RACING
#include "descriptor_passes.h"
