// want: race 'strtol_of_x' 'strtol_end_x' 'strtoul_of_x' 'strtoll_of_x' 'strtoull_of_x' 'strtoimax_of_x'
// want: race 'strtoumax_of_x' 'strtod_of_x' 'strtod_end_x' 'strtof_of_x' 'strtold_of_x' 'atoi_of_x'
// want: race 'atol_of_x' 'atoll_of_x' 'atof_of_x' 'none_of_x' 'rand_r_seed_x' 'random_r_to_x'
// want: race 'srandom_r_state_x' 'drand48_r_state_x' 'lrand48_r_to_x' 'modf_whole_x' 'frexp_exponent_x'
// flags: -O1 -D_GNU_SOURCE
/* Numbers are read out of strings; the state of a generator is written by every draw. */
#define RACING
#include "numbers.h"
