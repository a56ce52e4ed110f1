// want: none
/* The same mutex orders its critical sections, a successful try included. */
#include "../together.h"

int x;
static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;

static void one(void) {
    pthread_mutex_lock(&a);
    x++;
    pthread_mutex_unlock(&a);
}
static void two(void) {
    while (!(pthread_mutex_trylock(&a) == 0))
        sched_yield();
    x++;
    pthread_mutex_unlock(&a);
}

int main(void) {
    together_in_threads(one, two);
    return x != 2;
}
