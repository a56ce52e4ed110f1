// class: communication deadlock: condition variable
// want: GR3001|GR3002 take
/* A queue is closed by a flag, and nobody tells those who wait for an item. Repaired: close broadcasts. */
#include "kernel.h"

static struct { gr_mutex lock; gr_cond changed; int items, takers; bool closed; } queue;

static void take(void) {
    gr_mutex_lock(&queue.lock);
    queue.takers++;
    while (queue.items == 0 && !queue.closed)
        gr_cond_wait(&queue.changed);
    if (queue.items > 0) queue.items--;
    gr_mutex_unlock(&queue.lock);
}
static int takers(void) {
    int count;
    gr_mutex_lock(&queue.lock);
    count = queue.takers;
    gr_mutex_unlock(&queue.lock);
    return count;
}
static void close_queue(void) {
    gr_mutex_lock(&queue.lock);
    queue.closed = true;
#ifdef REPAIRED
    gr_cond_broadcast(&queue.changed);
#endif
    gr_mutex_unlock(&queue.lock);
}

int main(void) {
    gr_cond_init(&queue.changed, &queue.lock);
    go(take);
    while (takers() == 0)
        gr_gosched();
    close_queue();
    settle();
    return 0;
}
