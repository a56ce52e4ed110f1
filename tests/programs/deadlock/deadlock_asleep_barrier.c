// want: deadlock
// stderr: ^fatal error: all goroutines are asleep - deadlock!$
// stderr: ^thread T1 \[pthread_barrier_wait\]:$
// stderr: ^main thread \[pthread_barrier_wait\]:$
/* A barrier for three, and there are two. */
#include <pthread.h>

static pthread_barrier_t barrier;

static void *arrive(void *unused) {
    pthread_barrier_wait(&barrier);
    return unused;
}

int main(void) {
    pthread_t thread;
    pthread_barrier_init(&barrier, NULL, 3);
    pthread_create(&thread, NULL, arrive, NULL);
    arrive(NULL);
    return 0;
}
