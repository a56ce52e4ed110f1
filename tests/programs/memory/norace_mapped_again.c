// want: none
/* What is mapped in the place of another mapping has no past, however it comes there. */
#include "../together.h"
#include <sys/mman.h>

static char *memory;
static atomic_int step;
static atomic_int elsewhere; /* orders nothing here, but gives the trace its order in time */

static void first(void) {
    memory[0] = 1;
    memory[8192] = 1;
    atomic_store(&elsewhere, 1);
    step_to(&step, 1);
}
static void second(void) {
    step_wait_in_thread(&step, 1);
    mmap(memory, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    memory[0] = 2;
    munmap(memory + 8192, 4096);
    mmap(memory + 8192, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    memory[8192] = 2;
}

int main(void) {
    memory = mmap(NULL, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    together_in_threads(first, second);
    return 0;
}
