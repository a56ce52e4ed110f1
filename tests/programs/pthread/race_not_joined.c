// want: race thread
/* A join that fails orders nothing, though the thread has done its work. */
#define _GNU_SOURCE
#include "../together.h"

int x;
static atomic_int step;

static void *thread(void *unused) {
    x = 1;
    step_to(&step, 1);
    step_wait_in_thread(&step, 2);
    return unused;
}

int main(void) {
    struct timespec past = {1, 0};
    pthread_t id;
    pthread_create(&id, NULL, thread, NULL);
    step_wait_in_thread(&step, 1);
    pthread_tryjoin_np(id, NULL);
    pthread_timedjoin_np(id, NULL, &past);
    pthread_clockjoin_np(id, NULL, CLOCK_MONOTONIC, &past);
    x++;
    step_to(&step, 2);
    pthread_join(id, NULL);
    return 0;
}
