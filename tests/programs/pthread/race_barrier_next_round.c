// want: race early
/* What is done after a round is ordered by the next one alone. */
#include "../together.h"

int x;
static pthread_barrier_t barrier;
static atomic_int step;

static void early(void) {
    pthread_barrier_wait(&barrier);
    x = 1;
    step_to(&step, 1);
    pthread_barrier_wait(&barrier);
}
static void late(void) {
    pthread_barrier_wait(&barrier);
    step_wait_in_thread(&step, 1);
    x++;
    pthread_barrier_wait(&barrier);
}

int main(void) {
    pthread_barrier_init(&barrier, NULL, 2);
    together_in_threads(early, late);
    return 0;
}
