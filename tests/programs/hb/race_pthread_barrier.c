// want: race
/* What follows a barrier is not ordered. */
#include "../together.h"

int x;
static pthread_barrier_t barrier;

static void user(void) {
    pthread_barrier_wait(&barrier);
    x++;
}

int main(void) {
    pthread_barrier_init(&barrier, NULL, 2);
    together_in_threads(user, user);
    return pthread_barrier_destroy(&barrier);
}
