// want: none
/* Locks that may be taken again, or say that they are taken. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>

pthread_mutex_t again = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP, checked = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
pthread_rwlock_t both = PTHREAD_RWLOCK_INITIALIZER;

int main(void) {
    for (int i = 0; i < 2; i++) pthread_mutex_lock(&again);
    for (int i = 0; i < 2; i++) pthread_mutex_unlock(&again);
    pthread_mutex_lock(&checked);
    if (pthread_mutex_lock(&checked) != EDEADLK) return 1;
    pthread_mutex_unlock(&checked);
    for (int i = 0; i < 2; i++) pthread_rwlock_rdlock(&both);
    for (int i = 0; i < 2; i++) pthread_rwlock_unlock(&both);
    pthread_rwlock_wrlock(&both);
    if (pthread_rwlock_wrlock(&both) != EDEADLK || pthread_rwlock_rdlock(&both) != EDEADLK) return 1;
    pthread_rwlock_unlock(&both);
    return 0;
}
