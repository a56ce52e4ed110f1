// want: none
// options: max_goroutines=0
// args: 2000
// full: 100000
/* So many goroutines count with one relaxed atomic, which orders none of them; their creator sees the sum. */
#include <gorace.h>
#include <stdatomic.h>
#include <stdlib.h>

static gr_waitgroup ended;
atomic_long total;

static void counter(void) {
    atomic_fetch_add_explicit(&total, 1, memory_order_relaxed);
    gr_waitgroup_done(&ended);
}

int main(int argc, char **argv) {
    long count = argc > 1 ? atol(argv[1]) : 2000;
    gr_waitgroup_add(&ended, (int)count);
    for (long i = 0; i < count; i++) go(counter);
    gr_waitgroup_wait(&ended);
    return atomic_load_explicit(&total, memory_order_relaxed) != count;
}
