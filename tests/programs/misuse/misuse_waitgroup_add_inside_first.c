// want: misuse
// stderr: WaitGroup Add concurrent with Wait
// stderr: ^Wait at .* by main goroutine:\n  main\(\)
// stderr: ^Previous Add at .* by goroutine 2:\n  worker\(\)
// stderr: Call Add before the go statement
/* The same, where Add came first by chance. */
#include "../together.h"

static gr_waitgroup done;
static atomic_int step;

static void worker(void) {
    gr_waitgroup_add(&done, 1);
    step_to(&step, 1);
    gr_waitgroup_done(&done);
}

int main(void) {
    go(worker);
    step_wait(&step, 1);
    gr_waitgroup_wait(&done);
    return 0;
}
