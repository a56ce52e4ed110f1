// want: race twice
// stderr: (?s)\A(?!.*in_context)(?!.*jumps_back).*twice.*together_thread
/* After contexts have come and gone, by their end, by a switch and by a jump, the stack is the caller's. */
#include "../together.h"

#include <ucontext.h>

int x;
static _Thread_local ucontext_t home, there;
static char stacks[2][64 * 1024];
static atomic_int next;

static void in_context(int switches) {
    if (switches) swapcontext(&there, &home);
}
__attribute__((noinline)) static void jumps_back(int depth) {
    if (depth) jumps_back(depth - 1);
    setcontext(&home);
}
__attribute__((noinline)) static void twice(void) {
    char *stack = stacks[atomic_fetch_add_explicit(&next, 1, memory_order_relaxed)];
    for (int i = 0; i < 2000; i++) {
        getcontext(&there);
        there.uc_stack.ss_sp = stack;
        there.uc_stack.ss_size = sizeof stacks[0];
        there.uc_link = &home;
        makecontext(&there, (void (*)(void))in_context, 1, i % 2);
        swapcontext(&home, &there);
        volatile int jumped = 0;
        getcontext(&home);
        if (!jumped++) jumps_back(20);
    }
    x++;
}

int main(void) {
    together_in_threads(twice, twice);
    return 0;
}
