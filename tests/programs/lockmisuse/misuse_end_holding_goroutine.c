// want: misuse ends 'lock' take()
/* A goroutine ends while it holds a mutex of a thread. */
#include "../lockorder/turns.h"

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void take(void) { pthread_mutex_lock(&lock); }

int main(void) {
    goroutines_in_turn(take);
    while (gr_num_goroutine() > 1) gr_gosched();
}
