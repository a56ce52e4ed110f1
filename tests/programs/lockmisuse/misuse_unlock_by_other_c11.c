// want: misuse another mtx_t 'lock' first second
/* The same in C11. */
#include <threads.h>
#include "../lockorder/turns.h"

mtx_t lock;

static void first(void) {
    step_wait_in_thread(&turn_now, 0);
    mtx_lock(&lock);
    step_to(&turn_now, 1);
    step_wait_in_thread(&turn_now, 2);
}
static void second(void) {
    step_wait_in_thread(&turn_now, 1);
    mtx_unlock(&lock);
    step_to(&turn_now, 2);
}

int main(void) {
    mtx_init(&lock, mtx_plain);
    together_in_threads(first, second);
}
