// want: none
/* A block freed here and handed out there is new memory: its past is over. */
#include "../together.h"

#include <malloc.h>
#include <stdlib.h>

static atomic_int turn;

static void use_and_free(void) {
    int *volatile block = malloc(2000); /* too large for the caches of threads: one heap serves both */
    for (int i = 0; i < 500; i++)
        block[i] = i;
    free(block);
}
static void one(void) {
    for (int i = 0; i < 100; i += 2) {
        step_wait_in_thread(&turn, i);
        use_and_free();
        step_to(&turn, i + 1);
    }
}
static void two(void) {
    for (int i = 1; i < 100; i += 2) {
        step_wait_in_thread(&turn, i);
        use_and_free();
        step_to(&turn, i + 1);
    }
}

int main(void) {
    mallopt(M_ARENA_MAX, 1);
    together_in_threads(one, two);
    return 0;
}
