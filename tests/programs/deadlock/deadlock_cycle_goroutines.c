// want: deadlock second
// stderr: ^WARNING: DEADLOCK$
// stderr: ^2 wait for each other, and none of them can go on:$
// stderr: waits for gr_mutex 'b' .*, which goroutine \d+ holds
// stderr: and holds gr_mutex 'a' .*, taken at:
// stdout: ^main goes on$
/* Two goroutines take two locks in opposite orders. Main goes on. */
#include "queued.h"
#include <stdio.h>

gr_mutex a, b;
static atomic_int there;

static void meet(void) {
    atomic_fetch_add_explicit(&there, 1, memory_order_relaxed);
    step_wait(&there, 2);
}

static void first(void) {
    gr_mutex_lock(&a);
    meet();
    gr_mutex_lock(&b);
}
static void second(void) {
    gr_mutex_lock(&b);
    meet();
    gr_mutex_lock(&a);
}

int main(void) {
    go(first);
    go(second);
    wait_until_queued(&a);
    wait_until_queued(&b);
    puts("main goes on");
    return 0;
}
