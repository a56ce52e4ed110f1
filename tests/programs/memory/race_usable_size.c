// want: race beyond
// flags: -O1 -D_GNU_SOURCE
/* Behind the size asked for, two threads race as anywhere. */
#include "../together.h"

#include <malloc.h>
#include <stdlib.h>

static char *block;

static void beyond(void) { block[2006]++; }

int main(void) {
    block = malloc(2001);
    if (malloc_usable_size(block) < 2008) return 1;
    together_in_threads(beyond, beyond);
    free(block);
    return 0;
}
