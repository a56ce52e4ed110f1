// want: none
/* The ends of all read locks happen before the next write lock. */
#include "../together.h"

int x;
static pthread_rwlock_t a = PTHREAD_RWLOCK_INITIALIZER;
static atomic_int read_it;

static void reader(void) {
    pthread_rwlock_rdlock(&a);
    (void)*(volatile int *)&x;
    pthread_rwlock_unlock(&a);
    step_to(&read_it, 1);
}
static void writer(void) {
    step_wait_in_thread(&read_it, 1);
    pthread_rwlock_wrlock(&a);
    x = 1;
    pthread_rwlock_unlock(&a);
}

int main(void) {
    together_in_threads(reader, writer);
    return 0;
}
