// want: none
/* A recursive mutex that is held already is not waited for. */
#include "turns.h"

pthread_mutex_t a, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) {
    pthread_mutex_lock(&a);
    NEST(pthread_mutex, &b, &a);
    pthread_mutex_unlock(&a);
}

int main(void) {
    pthread_mutexattr_t recursive;
    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&a, &recursive);
    threads_in_turn(first, first);
}
