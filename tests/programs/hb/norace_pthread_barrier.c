// want: none
/* Every arrival happens before every departure, round after round. */
#include "../together.h"

int x, y;
static pthread_barrier_t barrier;

static void one(void) {
    for (int i = 0; i < 10; i++) {
        x = y + 1;
        pthread_barrier_wait(&barrier);
        pthread_barrier_wait(&barrier);
    }
}
static void two(void) {
    for (int i = 0; i < 10; i++) {
        pthread_barrier_wait(&barrier);
        y = x + 1;
        pthread_barrier_wait(&barrier);
    }
}

int main(void) {
    pthread_barrier_init(&barrier, NULL, 2);
    together_in_threads(one, two);
    return pthread_barrier_destroy(&barrier);
}
