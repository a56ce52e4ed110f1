// want: misuse
// stderr: WaitGroup Add concurrent with Wait
// stderr: ^Add at .* by goroutine 2:\n  worker\(\)
// stderr: ^Previous Wait at .* by main goroutine:\n  main\(\)
// stderr: Call Add before the go statement
/* The goroutine calls Add itself, here after Wait has found nothing to wait for. */
#include "../together.h"

static gr_waitgroup done;
static atomic_int step;

static void worker(void) {
    step_wait(&step, 1);
    gr_waitgroup_add(&done, 1);
    gr_waitgroup_done(&done);
    step_to(&step, 2);
}

int main(void) {
    go(worker);
    gr_waitgroup_wait(&done);
    step_to(&step, 1);
    step_wait(&step, 2);
    return 0;
}
