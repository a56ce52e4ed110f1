// class: data race
// want: GR1001 look_up
/* A cache is read under the read lock; each look-up notes when the entry was used last: a write among
 * readers. Repaired: the write lock. */
#include "kernel.h"

struct { gr_rwmutex lock; int value[4], used[4], clock; } cache;

static int look_up(int key) {
    int value;
#ifdef REPAIRED
    gr_rwmutex_lock(&cache.lock);
#else
    gr_rwmutex_rlock(&cache.lock);
#endif
    value = cache.value[key];
    cache.used[key] = ++cache.clock;
#ifdef REPAIRED
    gr_rwmutex_unlock(&cache.lock);
#else
    gr_rwmutex_runlock(&cache.lock);
#endif
    return value;
}
static void client(void) {
    for (int key = 0; key < 4; key++)
        look_up(key);
}

int main(void) {
    together(client, client);
    return 0;
}
