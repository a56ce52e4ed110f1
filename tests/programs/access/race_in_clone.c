// want: race total
// flags: -O2
// stderr: ^  add_to\(\)$
/* What the compiler makes of a function for its constant argument goes by the function's name. */
#include "../together.h"

long total;

__attribute__((noinline)) static void add_to(long *to, long amount, long unused) {
    (void)unused;
    *to += amount;
    __asm__ volatile("");
}
static void one(void) { add_to(&total, 3, 1); }
static void other(void) { add_to(&total, 3, 2); }

int main(void) {
    together(one, other);
    return 0;
}
