// want: none
/* The end of a write lock happens before later locks of both kinds. */
#include "../together.h"

int x;
static pthread_rwlock_t a = PTHREAD_RWLOCK_INITIALIZER;

static void writer(void) {
    pthread_rwlock_wrlock(&a);
    x++;
    pthread_rwlock_unlock(&a);
}
static void both(void) {
    pthread_rwlock_rdlock(&a);
    (void)*(volatile int *)&x;
    pthread_rwlock_unlock(&a);
    writer();
}

int main(void) {
    together_in_threads(both, both);
    return 0;
}
