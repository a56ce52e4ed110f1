// want: none
/* Neighbouring bytes are different memory. */
#include "../together.h"

char bytes[8];

static void even(void) {
    for (int i = 0; i < 8; i += 2)
        bytes[i] = 1;
}
static void odd(void) {
    for (int i = 1; i < 8; i += 2)
        bytes[i] = 1;
}

int main(void) {
    together_in_threads(even, odd);
    return 0;
}
