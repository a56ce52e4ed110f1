// class: library: WaitGroup
// want: GR5006|GR1001 crawl
/* Each crawler counts itself in. This time the first of them is quick, and main does wait: but nothing
 * has ordered the count and the wait. Repaired: who starts it counts. */
#include "kernel.h"

static gr_waitgroup crawlers;
static gr_chan *go_on;
static atomic_int counted;

static void crawl(void) {
#ifndef REPAIRED
    gr_waitgroup_add(&crawlers, 1);
#endif
    step_to(&counted, 1);
    gr_recv(go_on, NULL);
    gr_waitgroup_done(&crawlers);
}
static void let_it_go_on(void) {
    settle(); /* until main is at its wait */
    gr_close(go_on);
}

int main(void) {
    go_on = gr_make(int, 0);
#ifdef REPAIRED
    gr_waitgroup_add(&crawlers, 1);
#endif
    go(crawl);
    step_wait(&counted, 1);
    go(let_it_go_on);
    gr_waitgroup_wait(&crawlers);
    return 0;
}
