// want: race
/* Four bytes written here overlap with one byte there. */
#include "../together.h"

union {
    int word;
    char bytes[4];
} shared;

static void whole(void) { shared.word = 1; }
static void last(void) { shared.bytes[3] = 1; }

int main(void) {
    together_in_threads(whole, last);
    return 0;
}
