// want: none
// options: max_goroutines=0
// args: 20000
// full: 1000000
/* The crowd without its careless ones. */
#include <gorace.h>
#include <stdlib.h>

static gr_waitgroup begun, ended;

static void live(long *own, gr_chan *gate) {
    ++*own;
    gr_waitgroup_done(&begun);
    gr_recv(gate, NULL);
    ++*own;
    gr_waitgroup_done(&ended);
}

int main(int argc, char **argv) {
    long count = argc > 1 ? atol(argv[1]) : 20000, sum = 0;
    long *own = calloc((size_t)count, sizeof *own);
    gr_chan *gate = gr_make(int, 0);
    gr_waitgroup_add(&begun, (int)count);
    gr_waitgroup_add(&ended, (int)count);
    for (long i = 0; i < count; i++) go(live, &own[i], gate);
    gr_waitgroup_wait(&begun);
    gr_close(gate);
    gr_waitgroup_wait(&ended);
    for (long i = 0; i < count; i++) sum += own[i];
    free(own);
    return sum != 2 * count;
}
