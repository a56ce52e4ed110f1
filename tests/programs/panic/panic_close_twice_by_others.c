// want: panic
// stderr: ^panic: close of closed channel$
// stderr: ^Closed by goroutine 2 at:\nfinish\(\)
// stderr: \nfinish\(\)\n.*\nsecond\(\)\n.*\ncreated by
/* Two goroutines close a channel, each in the belief that it is the last. That the closes have no order is not what
 * is asked here (access/race_close_and_close.c). */
#include "../together.h"

static gr_chan *ch;
static atomic_int step;

static void __attribute__((noinline)) finish(void) {
    gr_close(ch);
    step_to(&step, 1);
}

static void first(void) {
    gr_race_disable();
    finish();
    step_to(&step, 2);
}
static void second(void) {
    gr_race_disable();
    step_wait(&step, 2);
    finish();
    step_to(&step, 2);
}

int main(void) {
    ch = gr_make(int, 1);
    gr_waitgroup_add(&together_ended, 2);
    go(first);
    go(second);
    gr_waitgroup_wait(&together_ended);
    return 0;
}
