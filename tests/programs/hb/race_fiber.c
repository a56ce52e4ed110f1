// want: race
// stderr: ^(Read|Write) at 0x[0-9a-f]+ by fiber 2:\n  body\(\)
// stderr: ^Previous write at 0x[0-9a-f]+ by fiber 1:\n  body\(\)
// stderr: ^Fiber 1 'first' \((running|finished)\) created at:\n  main\(\)
/* Two fibers of one thread, switched without edges: each is an actor of its own. */
#include "../annotations.h"
#ifndef SWITCH_FLAGS
#define SWITCH_FLAGS 1
#endif

#include <stdlib.h>
#include <ucontext.h>

enum { STACK = 64 * 1024 };
int x;
static ucontext_t thread_context, fiber_contexts[2];
static void *thread_fiber, *fibers[2];

static void back(void) {
    __tsan_switch_to_fiber(thread_fiber, SWITCH_FLAGS);
}
static void body(int which) {
    x++;
    back();
    swapcontext(&fiber_contexts[which], &thread_context);
}

static void visit(int which) {
    __tsan_switch_to_fiber(fibers[which], SWITCH_FLAGS);
    swapcontext(&thread_context, &fiber_contexts[which]);
}

int main(void) {
    static const char *const names[] = {"first", "second"};
    thread_fiber = __tsan_get_current_fiber();
    for (int i = 0; i < 2; i++) {
        fibers[i] = __tsan_create_fiber(0);
        __tsan_set_fiber_name(fibers[i], names[i]);
        getcontext(&fiber_contexts[i]);
        fiber_contexts[i].uc_stack.ss_sp = malloc(STACK);
        fiber_contexts[i].uc_stack.ss_size = STACK;
        makecontext(&fiber_contexts[i], (void (*)(void))body, 1, i);
    }
    visit(0);
    visit(1);
    for (int i = 0; i < 2; i++) {
        __tsan_destroy_fiber(fibers[i]);
        free(fiber_contexts[i].uc_stack.ss_sp);
    }
    return x != 2;
}
