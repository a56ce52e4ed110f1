// want: none
/* Every way to join a thread, also after a join that failed or was cancelled. */
#define _GNU_SOURCE
#include "../together.h"

#include <time.h>

int x;
static pthread_t joined;
static atomic_int go_on, joining;

static void *thread(void *wait) {
    if (wait) step_wait_in_thread(&go_on, 1);
    x++;
    return NULL;
}
static void *joiner(void *unused) {
    step_to(&joining, 1);
    pthread_join(joined, NULL);
    return unused;
}

int main(void) {
    struct timespec until, monotonic, past = {1, 0};
    pthread_t other;
    clock_gettime(CLOCK_REALTIME, &until);
    clock_gettime(CLOCK_MONOTONIC, &monotonic);
    until.tv_sec += 1000;
    monotonic.tv_sec += 1000;
    pthread_create(&other, NULL, thread, NULL);
    while (pthread_tryjoin_np(other, NULL)) sched_yield();
    x++;
    pthread_create(&other, NULL, thread, NULL);
    pthread_timedjoin_np(other, NULL, &until);
    x++;
    pthread_create(&other, NULL, thread, NULL);
    pthread_clockjoin_np(other, NULL, CLOCK_MONOTONIC, &monotonic);
    x++;
    pthread_create(&joined, NULL, thread, &go_on);
    pthread_create(&other, NULL, joiner, NULL);
    step_wait_in_thread(&joining, 1);
    pthread_cancel(other);
    void *value;
    pthread_join(other, &value);
    if (value != PTHREAD_CANCELED || pthread_timedjoin_np(joined, NULL, &past) == 0) return 1;
    step_to(&go_on, 1);
    pthread_join(joined, NULL);
    x++;
    return x != 8;
}
