// want: none
// flags: -O1 -D_GNU_SOURCE
/* Who reads what was spliced or teed into a pipe comes after who wrote it to the first one. */
#include "descriptor_passes.h"
