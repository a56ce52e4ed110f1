// want: deadlock in_thread
// stderr: ^  goroutine \d+ waits for pthread_mutex_t 'b' .*, which thread T\d+ holds$|^  thread T\d+ waits for gr_mutex 'a' .*, which goroutine \d+ holds$
// stdout: ^main goes on$
/* A goroutine and a thread, a lock of each kind. */
#include "queued.h"
#include <stdio.h>

gr_mutex a;
pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;
static atomic_int there;

static void in_goroutine(void) {
    gr_mutex_lock(&a);
    atomic_fetch_add_explicit(&there, 1, memory_order_relaxed);
    step_wait(&there, 2);
    pthread_mutex_lock(&b);
}
static void *in_thread(void *unused) {
    pthread_mutex_lock(&b);
    atomic_fetch_add_explicit(&there, 1, memory_order_relaxed);
    step_wait_in_thread(&there, 2);
    gr_mutex_lock(&a);
    return unused;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, in_thread, NULL);
    go(in_goroutine);
    wait_until_queued(&a);
    wait_until_contended(&b);
    puts("main goes on");
    return 0;
}
