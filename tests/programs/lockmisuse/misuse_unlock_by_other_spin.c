// want: misuse another pthread_spinlock_t 'lock' first second
/* One thread locks a spin lock, another unlocks it. */
#include "../lockorder/turns.h"

pthread_spinlock_t lock;

static void first(void) {
    step_wait_in_thread(&turn_now, 0);
    pthread_spin_lock(&lock);
    step_to(&turn_now, 1);
    step_wait_in_thread(&turn_now, 2);
}
static void second(void) {
    step_wait_in_thread(&turn_now, 1);
    pthread_spin_unlock(&lock);
    step_to(&turn_now, 2);
}

int main(void) {
    pthread_spin_init(&lock, 0);
    together_in_threads(first, second);
}
