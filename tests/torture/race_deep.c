// want: race descend
// stderr: Found [12] data race\(s\)
// flags: -O0
// args: 20000 2
// full: 100000 10
/* The same, and all race at the bottom: a read with a write, and two writes. */
#define PLANTED
#include "norace_deep.c"
