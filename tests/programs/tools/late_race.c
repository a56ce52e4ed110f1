// want: none
/* With an argument: races only when the program is at its end, if it waits there (atexit_sleep_ms). */
#include "../together.h"
#include <stdlib.h>

long x;
static atomic_int ending;

static void at_end(void) { step_to(&ending, 1); }

static void *late(void *unused) {
    step_wait_in_thread(&ending, 1);
    x++;
    return unused;
}

int main(int argc, char **argv) {
    (void)argv;
    pthread_t thread;
    if (argc < 2) return 0;
    atexit(at_end);
    pthread_create(&thread, NULL, late, NULL);
    pthread_detach(thread);
    x++;
    return 3;
}
