// want: race careless
// stderr: Found 1 data race\(s\)
// options: max_goroutines=0
// args: 20000
// full: 1000000
// runs: 3
/* So many goroutines live at once, each with a variable of its own, and two of them, any two, share one. */
#include <gorace.h>
#include <stdlib.h>

static gr_waitgroup begun;
int lost;

static void careless(void) { lost = 1; }

static void live(long *own, gr_chan *gate, bool is_careless) {
    ++*own;
    if (is_careless) careless();
    gr_waitgroup_done(&begun);
    gr_recv(gate, NULL);
    ++*own;
}

int main(int argc, char **argv) {
    long count = argc > 1 ? atol(argv[1]) : 20000;
    srand48(argc > 2 ? atol(argv[2]) : 1);
    long first = lrand48() % count, second = lrand48() % (count - 1);
    if (second >= first) second++;
    long *own = calloc((size_t)count, sizeof *own);
    gr_chan *gate = gr_make(int, 0);
    gr_waitgroup_add(&begun, (int)count);
    for (long i = 0; i < count; i++) go(live, &own[i], gate, i == first || i == second);
    gr_waitgroup_wait(&begun);
    gr_close(gate);
    while (gr_num_goroutine() > 1) gr_gosched();
    return 0;
}
