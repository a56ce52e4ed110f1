// want: none
/* The same with its annotations. */
#define ANNOTATED
#include "race_dynamic_ignore_reads.c"
