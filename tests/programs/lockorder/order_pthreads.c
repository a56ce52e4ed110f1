// want: lock-order 'a' 'b' first second pthread_mutex_t
/* Two threads take two mutexes in opposite order, one after the other in time: nothing but luck keeps them
 * from waiting for each other. */
#include "../together.h"

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static atomic_int step;

static void first(void) {
    pthread_mutex_lock(&a);
    pthread_mutex_lock(&b);
    pthread_mutex_unlock(&b);
    pthread_mutex_unlock(&a);
    step_to(&step, 1);
}
static void second(void) {
    step_wait_in_thread(&step, 1);
    pthread_mutex_lock(&b);
    pthread_mutex_lock(&a);
    pthread_mutex_unlock(&a);
    pthread_mutex_unlock(&b);
}

int main(void) { together_in_threads(first, second); }
