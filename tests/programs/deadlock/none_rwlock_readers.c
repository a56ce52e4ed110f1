// want: none
/* Two take two locks in opposite orders, but only to read: nobody waits. */
#include "../together.h"

pthread_rwlock_t a = PTHREAD_RWLOCK_INITIALIZER, b = PTHREAD_RWLOCK_INITIALIZER;
static atomic_int there;

static void meet(void) {
    atomic_fetch_add_explicit(&there, 1, memory_order_relaxed);
    step_wait_in_thread(&there, 2);
}

static void first(void) {
    pthread_rwlock_rdlock(&a);
    meet();
    pthread_rwlock_rdlock(&b);
    pthread_rwlock_unlock(&b);
    pthread_rwlock_unlock(&a);
}
static void second(void) {
    pthread_rwlock_rdlock(&b);
    meet();
    pthread_rwlock_rdlock(&a);
    pthread_rwlock_unlock(&a);
    pthread_rwlock_unlock(&b);
}

int main(void) {
    together_in_threads(first, second);
    return 0;
}
