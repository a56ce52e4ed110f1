// class: resource deadlock: double locking
// want: GR2001 log_in
/* A session table refuses a user who is there already, and returns without the unlock. The next
 * who comes waits for ever. Repaired: one way out. */
#include "kernel.h"

static gr_mutex lock;
static bool present[8];

static bool log_in(int user) {
    bool fresh;
    gr_mutex_lock(&lock);
    fresh = !present[user];
#ifndef REPAIRED
    if (!fresh)
        return false;
#endif
    present[user] = true;
    gr_mutex_unlock(&lock);
    return fresh;
}
static void client(int user, gr_waitgroup *served) {
    log_in(user);
    gr_waitgroup_done(served);
}

int main(void) {
    gr_waitgroup served = {0};
    gr_waitgroup_add(&served, 4);
    for (int i = 0; i < 4; i++)
        go(client, i / 2, &served);
    gr_waitgroup_wait(&served);
    return 0;
}
