// want: race
/* A writer of one lock and a reader of another are not ordered. */
#include "../together.h"

int x;
static gr_rwmutex a, b;

static void writer(void) {
    gr_rwmutex_lock(&a);
    x = 1;
    gr_rwmutex_unlock(&a);
}
static void reader(void) {
    gr_rwmutex_rlock(&b);
    (void)*(volatile int *)&x;
    gr_rwmutex_runlock(&b);
}

int main(void) {
    together(writer, reader);
    return 0;
}
