// want: none
// options: max_goroutines=0
// args: 2000
// full: 100000
/* So many goroutines read one variable, and one that has waited for all of them writes it. */
#include <gorace.h>
#include <stdlib.h>

#include "unseen.h"

static gr_waitgroup ended;
static long wrong;
long shared = 1;

static void reader(void) {
    if (shared < 1) unseen_add(&wrong);
    gr_waitgroup_done(&ended);
}

int main(int argc, char **argv) {
    long count = argc > 1 ? atol(argv[1]) : 2000;
    for (int round = 0; round < 2; round++) {
        gr_waitgroup_add(&ended, (int)count);
        for (long i = 0; i < count; i++) go(reader);
        gr_waitgroup_wait(&ended);
        shared++;
    }
    return unseen_get(&wrong) != 0;
}
