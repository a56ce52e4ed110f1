// want: race
/* The same with its annotations. */
#define ANNOTATED
#include "norace_tsan_mutex_readers.c"
