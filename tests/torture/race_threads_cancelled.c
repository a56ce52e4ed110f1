// want: race work
// stderr: Found 1 data race\(s\)
// args: 500
// full: 2000 storm
/* The same, and two of the threads race. */
#define PLANTED
#include "norace_threads_cancelled.c"
