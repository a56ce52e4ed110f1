// want: misuse another 'lock' first second T1
/* One thread locks a mutex, another unlocks it. */
#include "../lockorder/turns.h"

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void first(void) {
    step_wait_in_thread(&turn_now, 0);
    pthread_mutex_lock(&lock);
    step_to(&turn_now, 1);
    step_wait_in_thread(&turn_now, 2);
}
static void second(void) {
    step_wait_in_thread(&turn_now, 1);
    pthread_mutex_unlock(&lock);
    step_to(&turn_now, 2);
}

int main(void) {
    together_in_threads(first, second);
}
