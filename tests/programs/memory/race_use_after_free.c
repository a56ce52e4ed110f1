// want: race
// stderr: [Hh]eap block of size 2000|[Hh]eap block of 2000 bytes
/* A block is used after another thread freed it, with nothing in between. */
#include "../together.h"
#include <stdlib.h>

static int *block;
static atomic_int freed;

static void owner(void) {
    free(block);
    step_to(&freed, 1);
}
static void late(void) {
    step_wait_in_thread(&freed, 1);
    block[400] = 1;
}

int main(void) {
    block = malloc(2000);
    together_in_threads(owner, late);
    return 0;
}
