// want: deadlock make_it
// stderr: waits for gr_once 'once' .*, which goroutine \d+ holds
/* One runs a once whose function wants a lock; the other has that lock and wants what the once makes. */
#include "../together.h"

gr_once once;
gr_mutex lock;
static atomic_int there;

static void meet(void) {
    atomic_fetch_add_explicit(&there, 1, memory_order_relaxed);
    step_wait(&there, 2);
}

static void make_it(void) {
    meet();
    gr_mutex_lock(&lock);
}
static void maker(void) { gr_once_do(&once, make_it); }
static void nothing(void) {}
static void user(void) {
    gr_mutex_lock(&lock);
    meet();
    gr_once_do(&once, nothing);
}

int main(void) {
    go(maker);
    go(user);
    gr_recv(NULL, NULL);
    return 0;
}
