// want: none
/* The same accesses of one thread in one epoch after the other. For the test that counts the
 * detector's instructions: a mutex given back begins an epoch. */
#include <pthread.h>

#define CALL __attribute__((noinline, noclone)) static

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
long written, looked_at;

CALL void write_once(void) { written = 1; }
CALL long read_once(void) { return looked_at; }

int main(void) {
    for (int epoch = 0; epoch < 4; epoch++) {
        write_once();
        if (read_once()) return 1;
        pthread_mutex_lock(&lock);
        pthread_mutex_unlock(&lock);
    }
    return 0;
}
