// class: data race
// want: GR1001 snapshot
/* A configuration is copied as a whole for whoever asks, beside one who changes a field under the lock.
 * Repaired: the copy is made under the lock. */
#include "kernel.h"

struct config { int retries, timeout; char host[32]; };
struct config config = {3, 10, "example"};
static gr_mutex lock;

static void set_timeout(void) {
    gr_mutex_lock(&lock);
    config.timeout = 20;
    gr_mutex_unlock(&lock);
}
static void snapshot(struct config *copy) {
#ifdef REPAIRED
    gr_mutex_lock(&lock);
    *copy = config;
    gr_mutex_unlock(&lock);
#else
    *copy = config;
#endif
}
static void show(void) {
    struct config copy;
    snapshot(&copy);
    puts(copy.host);
}

int main(void) {
    together(set_timeout, show);
    return 0;
}
