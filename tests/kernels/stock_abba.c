// class: resource deadlock: AB-BA
// want: GR2001 move
/* Two warehouses exchange goods in both directions; each move locks where it takes from, then where
 * it brings to. The channels make both hold their first lock. Repaired: the lower address first. */
#include "kernel.h"

struct warehouse { gr_mutex lock; int goods; };
static struct warehouse north = {.goods = 10}, south = {.goods = 10};

static void move(struct warehouse *from, struct warehouse *to, gr_chan *mine, gr_chan *theirs,
                 gr_waitgroup *ended) {
#ifdef REPAIRED
    struct warehouse *first = from < to ? from : to, *second = from < to ? to : from;
    gr_mutex_lock(&first->lock);
    (void)theirs;
#else
    struct warehouse *first = from, *second = to;
    gr_mutex_lock(&first->lock);
    gr_close(mine);
    gr_recv(theirs, NULL);
    mine = NULL;
#endif
    gr_mutex_lock(&second->lock);
    from->goods--;
    to->goods++;
    gr_mutex_unlock(&second->lock);
    gr_mutex_unlock(&first->lock);
    if (mine) gr_close(mine);
    gr_waitgroup_done(ended);
}

int main(void) {
    gr_chan *one = gr_make(int, 0), *two = gr_make(int, 0);
    gr_waitgroup ended = {0};
    gr_waitgroup_add(&ended, 2);
    go(move, &north, &south, one, two, &ended);
    go(move, &south, &north, two, one, &ended);
    gr_waitgroup_wait(&ended);
    return 0;
}
