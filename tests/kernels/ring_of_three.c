// class: resource deadlock: AB-BA
// want: GR2002 share
/* Three shards in a ring: each balancer holds its own shard and wants its neighbour's. The barrier of
 * channels makes all three hold their first. Main goes on. Repaired: the last goes the other way
 * round. */
#include "kernel.h"

enum { SHARDS = 3 };
static struct { gr_mutex lock; int load; } shard[SHARDS];
static gr_chan *holding, *all_hold;

static void share(int number) {
    int first = number, second = (number + 1) % SHARDS;
#ifdef REPAIRED
    if (first > second) first = second, second = number;
#endif
    gr_mutex_lock(&shard[first].lock);
#ifndef REPAIRED
    gr_send_value(holding, int, number);
    gr_recv(all_hold, NULL);
#endif
    gr_mutex_lock(&shard[second].lock);
    shard[first].load++;
    shard[second].load--;
    gr_mutex_unlock(&shard[second].lock);
    gr_mutex_unlock(&shard[first].lock);
#ifdef REPAIRED
    gr_send_value(holding, int, number);
#endif
}

int main(void) {
    holding = gr_make(int, 0);
    all_hold = gr_make(int, 0);
    for (int i = 0; i < SHARDS; i++)
        go(share, i);
    for (int i = 0; i < SHARDS; i++)
        gr_recv(holding, NULL);
    gr_close(all_hold);
    settle();
    return 0;
}
