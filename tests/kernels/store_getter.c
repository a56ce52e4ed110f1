// class: resource deadlock: double locking
// want: GR2002 size_of_store
/* A store's `compact` has the write lock and asks for the size by the public getter, which takes the
 * read lock. Only the compactor waits. Repaired: it looks at the field. */
#include "kernel.h"

static gr_rwmutex lock;
static int entries = 100;

static int size_of_store(void) {
    int size;
    gr_rwmutex_rlock(&lock);
    size = entries;
    gr_rwmutex_runlock(&lock);
    return size;
}
static void compact(gr_chan *asked) {
    gr_recv(asked, NULL);
    gr_rwmutex_lock(&lock);
#ifdef REPAIRED
    if (entries > 10)
#else
    if (size_of_store() > 10)
#endif
        entries = 10;
    gr_rwmutex_unlock(&lock);
}

int main(void) {
    gr_chan *asked = gr_make(int, 0);
    go(compact, asked);
    size_of_store();
    gr_send_value(asked, int, 1);
    settle();
    return 0;
}
