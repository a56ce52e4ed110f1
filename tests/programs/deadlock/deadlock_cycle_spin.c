// want: deadlock second
// stderr: \[pthread_spin_lock\] waits for pthread_spinlock_t 'a' .*, which thread T1 holds
// stdout: ^main goes on$
/* A spin lock and a mutex, in opposite orders. Who spins runs, and goes on with nothing else. */
#include "queued.h"
#include <stdio.h>
#include <time.h>

pthread_spinlock_t a;
pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;
static atomic_int there;

static void meet(void) {
    atomic_fetch_add_explicit(&there, 1, memory_order_relaxed);
    step_wait_in_thread(&there, 2);
}

static void *first(void *unused) {
    pthread_spin_lock(&a);
    meet();
    pthread_mutex_lock(&b);
    return unused;
}
static void *second(void *unused) {
    pthread_mutex_lock(&b);
    meet();
    wait_until_contended(&b);
    pthread_spin_lock(&a);
    return unused;
}

static void wait_until_run(pthread_t thread, long ns) {
    struct timespec run = {0, 0};
    clockid_t clock;
    if (pthread_getcpuclockid(thread, &clock)) return;
    while (run.tv_sec == 0 && run.tv_nsec < ns && clock_gettime(clock, &run) == 0) sched_yield();
}

int main(void) {
    pthread_t threads[2];
    pthread_spin_init(&a, PTHREAD_PROCESS_PRIVATE);
    pthread_create(&threads[0], NULL, first, NULL);
    pthread_create(&threads[1], NULL, second, NULL);
    wait_until_contended(&b);
    wait_until_run(threads[1], 100000000); /* a lock that it got would not have taken as long */
    puts("main goes on");
    return 0;
}
