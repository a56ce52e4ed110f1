// want: race
/* Freeing a block that another thread uses, unordered, is a race. */
#include "../together.h"

#include <malloc.h>
#include <stdlib.h>

static int *block;
static atomic_int used;

static void user(void) {
    block[400] = 1;
    step_to(&used, 1);
}
static void owner(void) {
    step_wait_in_thread(&used, 1);
    free(block);
}

int main(void) {
    block = malloc(2000);
    together_in_threads(user, owner);
    return 0;
}
