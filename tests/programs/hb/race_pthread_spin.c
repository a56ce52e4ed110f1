// want: race
/* Two spin locks order nothing between them. */
#include "../together.h"

int x;
static pthread_spinlock_t a;
static pthread_spinlock_t b;

static void one(void) {
    pthread_spin_lock(&a);
    x++;
    pthread_spin_unlock(&a);
}
static void two(void) {
    pthread_spin_lock(&b);
    x++;
    pthread_spin_unlock(&b);
}

int main(void) {
    pthread_spin_init(&a, PTHREAD_PROCESS_PRIVATE);
    pthread_spin_init(&b, PTHREAD_PROCESS_PRIVATE);
    together_in_threads(one, two);
    return 0;
}
