// want: none
/* The ends of all read locks happen before the next write lock. */
#include "../together.h"

int x;
static gr_rwmutex a;
static atomic_int read_it;

static void reader(void) {
    gr_rwmutex_rlock(&a);
    (void)*(volatile int *)&x;
    gr_rwmutex_runlock(&a);
    step_to(&read_it, 1);
}
static void writer(void) {
    step_wait(&read_it, 1);
    gr_rwmutex_lock(&a);
    x = 1;
    gr_rwmutex_unlock(&a);
}

int main(void) {
    together(reader, writer);
    return 0;
}
