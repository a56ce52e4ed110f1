// class: resource deadlock: double locking
// want: GR2001 evict_oldest
/* A cache that is full makes room before it takes a new entry. `put` holds the lock, and so wants
 * `evict_oldest`, which others call as well. Repaired: the inner part expects the lock to be held. */
#include "kernel.h"

enum { ROOM = 4 };
static struct { gr_mutex lock; int keys[ROOM], used; } cache;

static void drop_first(void) {
    for (int i = 1; i < cache.used; i++)
        cache.keys[i - 1] = cache.keys[i];
    cache.used--;
}
static void evict_oldest(void) {
    gr_mutex_lock(&cache.lock);
    drop_first();
    gr_mutex_unlock(&cache.lock);
}
static void put(int key) {
    gr_mutex_lock(&cache.lock);
    if (cache.used == ROOM) {
#ifdef REPAIRED
        drop_first();
#else
        evict_oldest();
#endif
    }
    cache.keys[cache.used++] = key;
    gr_mutex_unlock(&cache.lock);
}

int main(void) {
    put(0);
    evict_oldest();
    for (int key = 1; key <= ROOM + 1; key++)
        put(key);
    return 0;
}
