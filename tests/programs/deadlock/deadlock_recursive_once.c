// want: deadlock
// stderr: ^fatal error: all goroutines are asleep - deadlock!$
/* A once whose function calls the same once waits for itself. */
#include <gorace.h>

static gr_once once;

static void again(void) {
    gr_once_do(&once, again);
}

int main(void) {
    gr_once_do(&once, again);
    return 0;
}
