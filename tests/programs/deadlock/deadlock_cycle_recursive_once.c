// want: deadlock
// stderr: ^WARNING: DEADLOCK\nThe function of a once calls the same once
// stderr: ^  helper\(\)\n.*\n  init\(\)\n.*\n and holds gr_once 'once' .*, taken at:\n  main\(\)
// stderr: ^fatal error: all goroutines are asleep - deadlock!$
/* A once whose function calls the same once waits for itself. */
#include <gorace.h>

static gr_once once;
static volatile int depth;

static void init(void);

static void __attribute__((noinline)) helper(void) {
    gr_once_do(&once, init);
    depth = 1;
}

static void __attribute__((noinline)) init(void) {
    helper();
    depth = 2;
}

int main(void) {
    gr_once_do(&once, init);
    return 0;
}
