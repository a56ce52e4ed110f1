// want: lock-order 'a' 'b'
/* Main takes one order while the thread that takes the other runs. */
#include "turns.h"

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static turn turns[1];
static void first(void) { NEST(pthread_mutex, &a, &b); }
static void second(void) { NEST(pthread_mutex, &b, &a); }

int main(void) {
    pthread_t thread;
    turns[0] = (turn){second, 0};
    pthread_create(&thread, NULL, turn_of_thread, &turns[0]);
    step_wait_in_thread(&turn_now, 1);
    first();
    pthread_join(thread, NULL);
}
