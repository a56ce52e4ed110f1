// want: none
/* Who gets the mutex of a thread that died comes after all that the thread did; who gets it then, too. */
#include "../together.h"

#include <errno.h>

int x;
static pthread_mutex_t lock;
static atomic_int died;

static void *dies(void *unused) {
    pthread_mutex_lock(&lock);
    x = 1;
    step_to(&died, 1);
    return unused;
}
static void one_more(void) {
    step_wait_in_thread(&died, 1);
    int status = pthread_mutex_lock(&lock);
    if (status == EOWNERDEAD) pthread_mutex_consistent(&lock);
    x++;
    pthread_mutex_unlock(&lock);
}

int main(void) {
    pthread_t thread;
    pthread_mutexattr_t robust;
    pthread_mutexattr_init(&robust);
    pthread_mutexattr_setrobust(&robust, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&lock, &robust);
    pthread_create(&thread, NULL, dies, NULL);
    together_in_threads(one_more, one_more);
    int all = x;
    pthread_join(thread, NULL);
    pthread_mutex_destroy(&lock);
    return all != 3;
}
