// class: data race
// want: GR1001 get_pool
/* A pool is made when it is first asked for, and looked for without the lock before: another may see
 * the pointer before what it points to. Repaired: a once. */
#include "kernel.h"

struct pool { int size; };
struct pool *pool;
static gr_mutex lock;
static gr_once made;

static void make_pool(void) {
    struct pool *fresh = malloc(sizeof *fresh);
    fresh->size = 8;
    pool = fresh;
}
static struct pool *get_pool(void) {
#ifdef REPAIRED
    gr_once_do(&made, make_pool);
    (void)lock;
#else
    (void)made;
    if (!pool) {
        gr_mutex_lock(&lock);
        if (!pool) make_pool();
        gr_mutex_unlock(&lock);
    }
#endif
    return pool;
}
static void client(void) {
    if (get_pool()->size != 8) puts("half a pool");
}

int main(void) {
    together(client, client);
    free(pool);
    return 0;
}
