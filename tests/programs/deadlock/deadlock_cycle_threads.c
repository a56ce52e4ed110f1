// want: deadlock second
// stderr: ^WARNING: DEADLOCK$
// stderr: ^  thread T1 waits for pthread_mutex_t 'b' .*, which thread T2 holds$
// stderr: ^  thread T2 waits for pthread_mutex_t 'a' .*, which thread T1 holds$
// stdout: ^main goes on$
/* Two threads take two locks in opposite orders. Main goes on. */
#include "queued.h"
#include <stdio.h>

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static atomic_int there;

static void meet(void) {
    atomic_fetch_add_explicit(&there, 1, memory_order_relaxed);
    step_wait_in_thread(&there, 2);
}

static void *first(void *unused) {
    pthread_mutex_lock(&a);
    meet();
    pthread_mutex_lock(&b);
    return unused;
}
static void *second(void *unused) {
    pthread_mutex_lock(&b);
    meet();
    pthread_mutex_lock(&a);
    return unused;
}

int main(void) {
    pthread_t threads[2];
    pthread_create(&threads[0], NULL, first, NULL);
    pthread_create(&threads[1], NULL, second, NULL);
    wait_until_contended(&a);
    wait_until_contended(&b);
    puts("main goes on");
    return 0;
}
