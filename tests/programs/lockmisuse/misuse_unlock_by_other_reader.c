// want: misuse another pthread_rwlock_t 'lock' first second read
/* One thread locks for reading, another unlocks. */
#include "../lockorder/turns.h"

pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

static void first(void) {
    step_wait_in_thread(&turn_now, 0);
    pthread_rwlock_rdlock(&lock);
    step_to(&turn_now, 1);
    step_wait_in_thread(&turn_now, 2);
}
static void second(void) {
    step_wait_in_thread(&turn_now, 1);
    pthread_rwlock_unlock(&lock);
    step_to(&turn_now, 2);
}

int main(void) {
    together_in_threads(first, second);
}
