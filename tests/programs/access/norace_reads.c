// want: none
/* Any number of reads at the same time is no race. */
#include "../together.h"

int table[100] = {1, 2, 3};
static atomic_int sum;

static void reader(void) {
    for (int i = 0; i < 100; i++)
        sum += table[i];
}

int main(void) {
    together_in_threads(reader, reader);
    return sum != 12;
}
