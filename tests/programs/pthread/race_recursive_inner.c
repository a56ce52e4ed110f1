// want: race outer
/* An inner unlock lets nobody in: what the owner does next is ordered by the outer one alone. */
#include "../together.h"

int x;
static pthread_mutex_t lock;
static atomic_int step;

static void outer(void) {
    pthread_mutex_lock(&lock);
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    pthread_mutex_unlock(&lock);
    x = 1;
    step_to(&step, 1);
}
static void other(void) {
    step_wait_in_thread(&step, 1);
    pthread_mutex_lock(&lock);
    x++;
    pthread_mutex_unlock(&lock);
}

int main(void) {
    pthread_mutexattr_t recursive;
    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&lock, &recursive);
    together_in_threads(outer, other);
    return 0;
}
