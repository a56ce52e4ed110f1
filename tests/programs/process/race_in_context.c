// want: race in_context
// stderr: (?s)\A(?!.*switcher.*Previous).*in_context.*Previous
/* What a context does is done by the thread that it runs on, and nobody has called it. */
#include "../together.h"

#include <ucontext.h>

int x;
static _Thread_local ucontext_t home, there;
static char stacks[2][64 * 1024];

static void in_context(void) { x++; }

__attribute__((noinline)) static void switcher(char *stack) {
    getcontext(&there);
    there.uc_stack.ss_sp = stack;
    there.uc_stack.ss_size = sizeof stacks[0];
    there.uc_link = &home;
    makecontext(&there, in_context, 0);
    swapcontext(&home, &there);
}
static void one(void) { switcher(stacks[0]); }
static void two(void) { switcher(stacks[1]); }

int main(void) {
    together_in_threads(one, two);
    return 0;
}
