// want: none
// flags: -O1 -D_GNU_SOURCE
/* The same calls beside accesses to what they do not touch. */
#include "sort.h"
