// class: library: WaitGroup
// want: GR5006|GR1001 crawl
/* Each crawler counts itself in. This time the first of them is quick, and main does wait: but nothing
 * has ordered the count and the wait. Repaired: who starts it counts. */
#include "kernel.h"

static gr_waitgroup crawlers;
static atomic_int counted, may_end;

static void crawl(void) {
#ifndef REPAIRED
    gr_waitgroup_add(&crawlers, 1);
#endif
    step_to(&counted, 1);
    step_wait(&may_end, 1);
    gr_waitgroup_done(&crawlers);
}
static void let_it_end(void) { step_to(&may_end, 1); }

int main(void) {
#ifdef REPAIRED
    gr_waitgroup_add(&crawlers, 1);
#endif
    go(crawl);
    step_wait(&counted, 1);
    gr_gomaxprocs(1); /* main is at its wait before the others run */
    go(let_it_end);
    gr_waitgroup_wait(&crawlers);
    return 0;
}
