// want: misuse destroyed pthread_rwlock_t 'lock' read
/* A lock is destroyed while it is held by a reader. */
#include <pthread.h>

pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

int main(void) {
    pthread_rwlock_rdlock(&lock);
    pthread_rwlock_destroy(&lock);
}
