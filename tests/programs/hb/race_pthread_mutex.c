// want: race
/* Two mutexes order nothing between them. */
#include "../together.h"

int x;
static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;

static void one(void) {
    pthread_mutex_lock(&a);
    x++;
    pthread_mutex_unlock(&a);
}
static void two(void) {
    pthread_mutex_lock(&b);
    x++;
    pthread_mutex_unlock(&b);
}

int main(void) {
    together_in_threads(one, two);
    return 0;
}
