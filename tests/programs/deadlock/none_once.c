// want: none
/* Two come to one once at the same time, one of them inside another. */
#include "../together.h"

pthread_once_t once = PTHREAD_ONCE_INIT, outer = PTHREAD_ONCE_INIT;

static void nothing(void) {}
static void inner(void) { pthread_once(&once, nothing); }
static void first(void) { pthread_once(&outer, inner); }
static void second(void) { pthread_once(&once, nothing); }

int main(void) {
    together_in_threads(first, second);
    return 0;
}
