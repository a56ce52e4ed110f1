// want: none
/* The end of a write lock happens before later locks of both kinds. */
#include "../together.h"

int x;
static gr_rwmutex a;

static void writer(void) {
    gr_rwmutex_lock(&a);
    x++;
    gr_rwmutex_unlock(&a);
}
static void both(void) {
    gr_rwmutex_rlock(&a);
    (void)*(volatile int *)&x;
    gr_rwmutex_runlock(&a);
    writer();
}

int main(void) {
    together(both, both);
    return 0;
}
