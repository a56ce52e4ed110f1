// want: race writer
// stderr: Found 1 data race\(s\)
// options: max_goroutines=0
// args: 2000
// full: 100000
/* So many goroutines read one variable, and one that knows of none of them writes it: one report. */
#include <gorace.h>
#include <stdlib.h>

#include "unseen.h"

static gr_waitgroup ended;
static long read_by, wrong, count;
long shared = 1;

static void reader(void) {
    if (shared != 1) unseen_add(&wrong);
    unseen_add(&read_by);
    gr_waitgroup_done(&ended);
}
static void writer(void) {
    while (unseen_get(&read_by) < count) gr_gosched();
    shared = 2;
    gr_waitgroup_done(&ended);
}

int main(int argc, char **argv) {
    count = argc > 1 ? atol(argv[1]) : 2000;
    gr_waitgroup_add(&ended, (int)count + 1);
    go(writer);
    for (long i = 0; i < count; i++) go(reader);
    gr_waitgroup_wait(&ended);
    return unseen_get(&wrong) != 0;
}
