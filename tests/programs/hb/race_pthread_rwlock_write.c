// want: race
/* A writer of one lock and a reader of another are not ordered. */
#include "../together.h"

int x;
static pthread_rwlock_t a = PTHREAD_RWLOCK_INITIALIZER, b = PTHREAD_RWLOCK_INITIALIZER;

static void writer(void) {
    pthread_rwlock_wrlock(&a);
    x = 1;
    pthread_rwlock_unlock(&a);
}
static void reader(void) {
    pthread_rwlock_rdlock(&b);
    (void)*(volatile int *)&x;
    pthread_rwlock_unlock(&b);
}

int main(void) {
    together_in_threads(writer, reader);
    return 0;
}
