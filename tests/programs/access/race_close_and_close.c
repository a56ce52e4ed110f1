// want: race
// want: panic
// status: 66
// stderr: ^Write \(close\) at
// stderr: ^Previous write \(close\) at
// stderr: ^panic: close of closed channel$
// stderr: ^Closed by goroutine 2 at:\nfinish\(\)\n.*\nfirst\(\)
/* Two goroutines close a channel, and nothing says which of them first. */
#include "../together.h"

static gr_chan *ch;
static atomic_int step;

static void __attribute__((noinline)) finish(int next) {
    gr_close(ch);
    step_to(&step, next);
}

static void first(void) {
    finish(1);
    step_to(&step, 1); /* no tail call */
}
static void second(void) {
    step_wait(&step, 1);
    finish(2);
    step_to(&step, 2);
}

int main(void) {
    ch = gr_make(int, 1);
    together(first, second);
    return 0;
}
