// want: race
/* Readers do not order one another: a write under a read lock races. */
#include "../together.h"

int x;
static pthread_rwlock_t a = PTHREAD_RWLOCK_INITIALIZER;

static void reader(void) {
    pthread_rwlock_rdlock(&a);
    x++;
    pthread_rwlock_unlock(&a);
}

int main(void) {
    together_in_threads(reader, reader);
    return 0;
}
