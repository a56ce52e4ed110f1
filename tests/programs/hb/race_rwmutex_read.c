// want: race
/* Readers do not order one another: a write under a read lock races. */
#include "../together.h"

int x;
static gr_rwmutex a;

static void reader(void) {
    gr_rwmutex_rlock(&a);
    x++;
    gr_rwmutex_runlock(&a);
}

int main(void) {
    together(reader, reader);
    return 0;
}
