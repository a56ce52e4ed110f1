// want: race careless
// stderr: Found 1 data race\(s\)
// options: max_goroutines=0
// args: 2000
// full: 100000
/* The same, and one of the last sets it as if it were no atomic. */
#include <gorace.h>
#include <stdatomic.h>
#include <stdlib.h>

static gr_waitgroup ended;
atomic_long total;

static void counter(void) {
    atomic_fetch_add_explicit(&total, 1, memory_order_relaxed);
    gr_waitgroup_done(&ended);
}
static void careless(void) {
    while (atomic_load_explicit(&total, memory_order_relaxed) == 0) gr_gosched();
    *(volatile long *)&total = 0;
    gr_waitgroup_done(&ended);
}

int main(int argc, char **argv) {
    long count = argc > 1 ? atol(argv[1]) : 2000;
    gr_waitgroup_add(&ended, (int)count);
    for (long i = 1; i < count; i++) go(counter);
    gr_waitgroup_wait(&(gr_waitgroup){0});
    go(careless);
    gr_waitgroup_wait(&ended);
    return 0;
}
