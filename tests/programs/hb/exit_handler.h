/* exit_handler.h - a thread registers handlers, and goes on; main returns, with nothing in between. With
 * RACING the variables are written after. */
#include "../together.h"

#include <stdlib.h>

int by_atexit, by_on_exit;
static atomic_int step;

static void at_exit(void) { by_atexit++; }
static void with_status(int status, void *x) {
    if (status == 0) ++*(int *)x;
}
static void write_both(void) {
    by_atexit = 1;
    by_on_exit = 1;
}

static void *registrar(void *unused) {
#ifndef RACING
    write_both();
#endif
    atexit(at_exit);
    on_exit(with_status, &by_on_exit);
#ifdef RACING
    write_both();
#endif
    step_to(&step, 1);
    return unused;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, registrar, NULL);
    step_wait_in_thread(&step, 1);
    return 0;
}
