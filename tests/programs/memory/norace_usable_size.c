// want: none
// flags: -O1 -D_GNU_SOURCE
/* What malloc_usable_size says may be used is new with the block, also what lies behind the size asked for. */
#include "../together.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

static atomic_int turn;

static void use(size_t size) {
    char *volatile block = malloc(size);
    for (size_t i = 0, n = malloc_usable_size(block); i < n; i++) block[i] = 'x';
    free(block);
}
static void one(void) {
    for (int i = 0; i < 40; i += 2) {
        step_wait_in_thread(&turn, i);
        use(2008);
        step_to(&turn, i + 1);
    }
}
static void two(void) {
    for (int i = 1; i < 40; i += 2) {
        step_wait_in_thread(&turn, i);
        use(2001);
        step_to(&turn, i + 1);
    }
}

int main(void) {
    mallopt(M_ARENA_MAX, 1);
    together_in_threads(one, two);
    return 0;
}
