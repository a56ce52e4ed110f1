// want: race
/* The same with its annotations. */
#define ANNOTATED
#include "norace_dynamic_ignore_sync.c"
