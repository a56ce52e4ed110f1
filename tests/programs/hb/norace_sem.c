// want: none
/* A release happens before the end of the acquire that it enables. */
#include "../together.h"

int x;
static gr_sem sem;

static void giver(void) {
    x = 1;
    gr_sem_release(&sem, 1);
}
static void taker(void) {
    gr_sem_acquire(&sem, 1);
    x++;
}

int main(void) {
    gr_sem_init(&sem, 1);
    gr_sem_acquire(&sem, 1);
    together(giver, taker);
    return 0;
}
