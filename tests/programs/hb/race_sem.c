// want: race
/* What follows the release is not ordered with the one who acquired. */
#include "../together.h"

int x;
static gr_sem sem;

static void giver(void) {
    gr_sem_release(&sem, 1);
    x = 1;
}
static void taker(void) {
    gr_sem_acquire(&sem, 1);
    x = 2;
}

int main(void) {
    gr_sem_init(&sem, 1);
    gr_sem_acquire(&sem, 1);
    together(giver, taker);
    return 0;
}
