// want: race
/* Two readers are not ordered. */
#include "../together.h"

int x;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

static void reader(void) {
    pthread_rwlock_rdlock(&lock);
    x++;
    pthread_rwlock_unlock(&lock);
}

int main(void) {
    together_in_threads(reader, reader);
    return 0;
}
