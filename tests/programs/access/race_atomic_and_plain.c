// want: race
/* An atomic write and a plain read race like any two. */
#include "../together.h"

static atomic_int count;

static void adder(void) { atomic_fetch_add(&count, 1); }
static void looker(void) { (void)*(volatile int *)&count; }

int main(void) {
    together_in_threads(adder, looker);
    return 0;
}
