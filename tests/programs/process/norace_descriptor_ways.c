// want: none
// flags: -O1 -D_GNU_SOURCE -Wno-unused-result
/* Whatever the call by which a byte goes, or the end comes: who gets it comes after. */
#include "descriptors.h"
