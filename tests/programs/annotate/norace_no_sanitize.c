// want: none
/* The same with its annotations. */
#define ANNOTATED
#include "race_no_sanitize.c"
