// want: race work
// stderr: Found 1 data race\(s\)
// args: 100
// full: 500
/* The same, and two of the threads race. */
#define PLANTED
#include "norace_threads_cancelled.c"
