// class: resource deadlock: double locking
// want: GR2001 look_up
/* A configuration is looked up under the read lock; what is missing is filled in under the write
 * lock, which the same goroutine wants while it still reads. Repaired: it stops reading before. */
#include "kernel.h"

static gr_rwmutex lock;
static int values[4] = {1, 2, 0, 4};

static int look_up(int key) {
    int value;
    gr_rwmutex_rlock(&lock);
    value = values[key];
#ifdef REPAIRED
    gr_rwmutex_runlock(&lock);
#endif
    if (value == 0) {
        gr_rwmutex_lock(&lock);
        value = values[key] = 42;
        gr_rwmutex_unlock(&lock);
    }
#ifndef REPAIRED
    gr_rwmutex_runlock(&lock);
#endif
    return value;
}

int main(void) {
    for (int key = 0; key < 4; key++)
        look_up(key);
    return 0;
}
