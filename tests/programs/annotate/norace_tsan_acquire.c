// want: none
/* The same with its annotations. */
#define ANNOTATED
#include "race_tsan_acquire.c"
