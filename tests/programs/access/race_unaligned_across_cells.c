// want: race
/* An unaligned word lies across two eights of memory. */
#include "../together.h"

struct __attribute__((packed)) {
    char first[5];
    long middle;
    char last[3];
} shared __attribute__((aligned(8)));

static void word(void) { shared.middle = 1; }
static void byte(void) { ((char *)&shared)[11] = 1; }

int main(void) {
    together_in_threads(word, byte);
    return 0;
}
