// want: none
/* A mutex, a lock for readers and a spin lock are destroyed when nobody holds them any more. */
#include "../lockorder/turns.h"


static void use(void) {
    pthread_mutex_t lock;
    pthread_rwlock_t shared;
    pthread_spinlock_t spin;
    pthread_mutex_init(&lock, NULL);
    pthread_rwlock_init(&shared, NULL);
    pthread_spin_init(&spin, 0);
    pthread_mutex_lock(&lock);
    pthread_rwlock_rdlock(&shared);
    pthread_spin_lock(&spin);
    pthread_spin_unlock(&spin);
    pthread_rwlock_unlock(&shared);
    pthread_mutex_unlock(&lock);
    pthread_spin_destroy(&spin);
    pthread_rwlock_destroy(&shared);
    pthread_mutex_destroy(&lock);
}

int main(void) { threads_in_turn(use, use); }
