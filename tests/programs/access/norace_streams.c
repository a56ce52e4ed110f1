// want: none
// flags: -O1 -D_GNU_SOURCE -Wno-unused-result
/* The same calls beside accesses to what they do not touch. */
#include "streams.h"
