// want: deadlock second
// stderr: \[pthread_spin_lock\] waits for pthread_spinlock_t 'a' .*, which thread T1 holds
// stdout: ^main goes on$
/* A spin lock and a mutex, in opposite orders. Who spins runs, and goes on with nothing else. */
#include "queued.h"
#include <stdio.h>

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

int main(void) {
    pthread_t threads[2];
    pthread_spin_init(&a, PTHREAD_PROCESS_PRIVATE);
    pthread_create(&threads[0], NULL, first, NULL);
    pthread_create(&threads[1], NULL, second, NULL);
    wait_until_contended(&b);
    for (int i = 0; i < 100000; i++) sched_yield(); /* the spinning one reports in between */
    puts("main goes on");
    return 0;
}
