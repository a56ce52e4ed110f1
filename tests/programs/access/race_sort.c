// want: race 'qsort_array_x' 'qsort_r_array_x' 'qsort_r_argument_x' 'bsearch_key_x' 'bsearch_array_x'
// flags: -O1 -D_GNU_SOURCE
/* Sorting writes the array; searching reads what is compared. */
#define RACING
#include "sort.h"
