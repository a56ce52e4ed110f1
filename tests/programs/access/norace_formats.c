// want: none
// flags: -O1 -D_GNU_SOURCE -fno-builtin -Wno-format -Wno-unused-result -Wno-format-security
/* The same calls beside accesses to what they do not touch. */
#include "formats.h"
