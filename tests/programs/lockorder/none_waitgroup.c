// want: none
/* The goroutines of the second round are started when those of the first were waited for. */
#include "turns.h"

gr_mutex a, b;
static gr_waitgroup done;

static void first(void) { NEST(gr_mutex, &a, &b); }
static void second(void) { NEST(gr_mutex, &b, &a); }
static void run(part p) {
    p();
    gr_waitgroup_done(&done);
}
static void rounds(part p) {
    gr_waitgroup_add(&done, 2);
    go(run, p);
    go(run, p);
    gr_waitgroup_wait(&done);
}

int main(void) {
    rounds(first);
    rounds(second);
}
