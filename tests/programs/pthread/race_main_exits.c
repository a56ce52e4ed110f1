// want: race last
// status: 66
/* The end of the main thread orders nothing for who does not join it. */
#include "../together.h"

int x;
static atomic_int ending;

static void *last(void *unused) {
    step_wait_in_thread(&ending, 1);
    x++;
    return unused;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, last, NULL);
    x = 2;
    step_to(&ending, 1);
    pthread_exit(NULL);
}
