// class: data race
// want: GR1001 length
/* A queue is changed under its lock; its length is asked without. Repaired: with it. */
#include "kernel.h"

struct { gr_mutex lock; int items[16], used; } queue;

static void push(void) {
    for (int i = 0; i < 8; i++) {
        gr_mutex_lock(&queue.lock);
        queue.items[queue.used++] = i;
        gr_mutex_unlock(&queue.lock);
    }
}
static int length(void) {
    int used;
#ifdef REPAIRED
    gr_mutex_lock(&queue.lock);
#endif
    used = queue.used;
#ifdef REPAIRED
    gr_mutex_unlock(&queue.lock);
#endif
    return used;
}
static void show(void) {
    if (length() > 16) puts("too long");
}

int main(void) {
    together(push, show);
    return 0;
}
