// want: none
/* The same spin lock orders its critical sections, a successful try included. */
#include "../together.h"

int x;
static pthread_spinlock_t a;

static void one(void) {
    pthread_spin_lock(&a);
    x++;
    pthread_spin_unlock(&a);
}
static void two(void) {
    while (!(pthread_spin_trylock(&a) == 0))
        sched_yield();
    x++;
    pthread_spin_unlock(&a);
}

int main(void) {
    pthread_spin_init(&a, PTHREAD_PROCESS_PRIVATE);
    together_in_threads(one, two);
    return x != 2;
}
