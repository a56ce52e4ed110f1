// want: race
// stderr: ^Previous write \(free\) at 0x[0-9a-f]+ by thread T1:\n  owner\(\)
// stderr: ^Location is heap block of 2000 bytes, allocated by main thread \(byte 1600\):\n  main\(\)
// stderr: ^Freed by thread T1:\n  owner\(\)
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
