// want: race by_malloc by_calloc by_realloc by_reallocarray by_posix_memalign by_aligned_alloc by_memalign by_valloc by_pvalloc by_strdup by_strndup by_wcsdup by_asprintf by_getline by_sscanf by_getcwd by_realpath
// flags: -O1 -D_GNU_SOURCE -Wno-unused-result
/* A block is freed while another thread uses it, whoever made it. */
#define RACING
#include "blocks.h"
