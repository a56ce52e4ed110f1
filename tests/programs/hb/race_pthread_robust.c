// want: race dies
/* A thread that has given its mutex back before it died left nothing behind for the next owner. */
#include "../together.h"

int x;
static pthread_mutex_t lock;
static atomic_int died;

static void *dies(void *unused) {
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    x = 1;
    step_to(&died, 1);
    return unused;
}

int main(void) {
    pthread_t thread;
    pthread_mutexattr_t robust;
    pthread_mutexattr_init(&robust);
    pthread_mutexattr_setrobust(&robust, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&lock, &robust);
    pthread_create(&thread, NULL, dies, NULL);
    step_wait_in_thread(&died, 1);
    pthread_mutex_lock(&lock);
    x++;
    pthread_mutex_unlock(&lock);
    pthread_join(thread, NULL);
    return 0;
}
