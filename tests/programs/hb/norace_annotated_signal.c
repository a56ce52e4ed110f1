// want: none
/* The same with its annotations. */
#define ANNOTATED
#include "race_annotated_signal.c"
