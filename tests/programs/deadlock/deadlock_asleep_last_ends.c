// want: deadlock
// want: misuse forgetful
// stderr: ^fatal error: all goroutines are asleep - deadlock!$
// stderr: ^main thread \[pthread_mutex_lock\]:$
/* The thread that has the lock ends with it, when main waits already. */
#include "queued.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int locked;

static void *forgetful(void *unused) {
    pthread_mutex_lock(&lock);
    step_to(&locked, 1);
    wait_until_contended(&lock);
    return unused;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, forgetful, NULL);
    pthread_detach(thread);
    step_wait_in_thread(&locked, 1);
    pthread_mutex_lock(&lock);
    return 0;
}
