// want: race
/* A function that is not to be instrumented: nothing in it is checked. */
#include "../annotations.h"

#ifdef ANNOTATED
#define UNCHECKED __attribute__((no_sanitize("thread"), noinline))
#else
#define UNCHECKED __attribute__((noinline))
#endif
int x;

UNCHECKED static void bump(void) { x++; }

int main(void) {
    together_in_threads(bump, bump);
    return 0;
}
