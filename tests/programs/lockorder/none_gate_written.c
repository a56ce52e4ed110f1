// want: none
/* A gate that one holds as a reader and the other as a writer. */
#include "turns.h"

pthread_rwlock_t gate = PTHREAD_RWLOCK_INITIALIZER;
pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) {
    pthread_rwlock_rdlock(&gate);
    NEST(pthread_mutex, &a, &b);
    pthread_rwlock_unlock(&gate);
}
static void second(void) {
    pthread_rwlock_wrlock(&gate);
    NEST(pthread_mutex, &b, &a);
    pthread_rwlock_unlock(&gate);
}

int main(void) {
    threads_in_turn(first, second);
}
