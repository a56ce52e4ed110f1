/* choose.c - the runtime's free choices. Each thread has a generator of its own (xorshift64*,
 * Vigna, "An experimental exploration of Marsaglia's xorshift generators", 2016); with GORACE_SEED
 * all start from that number and the thread's turn. */
#include "runtime/sched/sched.h"

#include "runtime/os/os.h"

#include <stdlib.h>

static __thread uint64_t state;
static uint64_t turn;           /* a */

GR__NOINLINE static void seed(void) {
    const char *text = getenv("GORACE_SEED");
    uint64_t x = text ? strtoull(text, NULL, 0) : gr__os_now();
    x += 0x9e3779b97f4a7c15u * GR__ADD(&turn, 1);
    state = x ? x : 1;
}

GR__NOINLINE uint32_t gr__choose(uint32_t n) {
    if (!state) seed();
    uint64_t x = state;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    state = x;
    return (uint32_t)((((x * 0x2545f4914f6cdd1du) >> 32) * n) >> 32);
}
