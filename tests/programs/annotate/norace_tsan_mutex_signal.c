// want: none
// flags: -O0
/* The same with its annotations. */
#define ANNOTATED
#include "race_tsan_mutex_signal.c"
