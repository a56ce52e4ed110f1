// class: resource deadlock: double locking
// want: GR2002 forget_me
/* A registry calls its listeners with its lock held. One listener has heard enough and takes itself
 * off the list, for which it needs that lock. The rest of the program goes on. Repaired: the list is
 * copied, and the calls are made without the lock. */
#include "kernel.h"

enum { LISTENERS = 3 };
typedef void (*listener)(int);
static struct { gr_mutex lock; listener list[LISTENERS]; int count; } registry;

static void remember(int event) { (void)event; }
static void forget_me(int event) {
    if (event < 1) return;
    gr_mutex_lock(&registry.lock);
    registry.count--;
    gr_mutex_unlock(&registry.lock);
}
static void publish(gr_chan *events) {
    for (int event; gr_recv(events, &event);) {
        listener list[LISTENERS];
        int count;
        gr_mutex_lock(&registry.lock);
        count = registry.count;
        for (int i = 0; i < count; i++)
            list[i] = registry.list[i];
#ifdef REPAIRED
        gr_mutex_unlock(&registry.lock);
#endif
        for (int i = 0; i < count; i++)
            list[i](event);
#ifndef REPAIRED
        gr_mutex_unlock(&registry.lock);
#endif
    }
}

int main(void) {
    gr_chan *events = gr_make(int, 0);
    registry.list[registry.count++] = remember;
    registry.list[registry.count++] = forget_me;
    go(publish, events);
    for (int event = 0; event < 2; event++)
        gr_send(events, &event);
    gr_close(events);
    settle();
    return 0;
}
