// want: misuse
// stderr: goroutines started without limit
// stderr: goroutines live that were started at:\n  start\(\)\n.*\n  main\(\)
// stderr: of them wait \[semacquire\] at:\n  fetch\(\)
/* The semaphore is acquired in the goroutine instead of before the go statement: it bounds the work, but not the
 * goroutines. */
#include <gorace.h>

static gr_sem slots;
static gr_waitgroup done;

static void fetch(void) {
    gr_sem_acquire(&slots, 1);
    gr_sem_release(&slots, 1);
    gr_waitgroup_done(&done);
}

static void __attribute__((noinline)) start(void) {
    gr_waitgroup_add(&done, 1);
    go(fetch);
}

int main(void) {
    gr_sem_init(&slots, 4);
    gr_sem_acquire(&slots, 4);
    for (int i = 0; i < 15000; i++) start();
    gr_sleep(0);
    gr_sem_release(&slots, 4);
    gr_waitgroup_wait(&done);
    return 0;
}
