// want: race
/* A copy reads all its bytes and writes them. */
#include "../together.h"
#include <string.h>

char from[100], to[100];

static void copier(void) { memcpy(to, from, sizeof to); }
static void writer(void) { from[99] = 1; }

int main(void) {
    together_in_threads(copier, writer);
    return to[0];
}
