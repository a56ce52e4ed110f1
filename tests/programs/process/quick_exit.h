/* quick_exit.h - as in hb/exit_handler.h, for handlers of a quick exit. */
#include "../together.h"

#include <stdlib.h>

int by_quick_exit;
static atomic_int step;

static void handler(void) { by_quick_exit++; }

static void *registrar(void *unused) {
#ifdef RACING
    at_quick_exit(handler);
    by_quick_exit = 1;
#else
    by_quick_exit = 1;
    at_quick_exit(handler);
#endif
    step_to(&step, 1);
    return unused;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, registrar, NULL);
    step_wait_in_thread(&step, 1);
    quick_exit(0);
}
