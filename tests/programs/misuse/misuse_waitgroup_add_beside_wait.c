// want: misuse
// stderr: WaitGroup Add concurrent with Wait
// stderr: must come before the Wait
/* A third party adds from zero, and nothing says whether before the Wait. */
#include "../together.h"

static gr_waitgroup *jobs;
static atomic_int step;

static void starter(void) {
    gr_waitgroup_add(jobs, 1);
    step_to(&step, 1);
    gr_waitgroup_done(jobs);
}
static void waiter(void) {
    step_wait(&step, 1);
    gr_waitgroup_wait(jobs);
}

int main(void) {
    static gr_waitgroup group;
    jobs = &group;
    together(starter, waiter);
    return 0;
}
