// class: library: WaitGroup
// want: GR5006|GR1001 index_page
/* Each indexer counts itself in: main may be at its wait, or past it, before. Repaired: who starts it
 * counts. (Here main sees zero, as the indexer is counted only when main has gone by.) */
#include "kernel.h"

static gr_waitgroup pages;
static atomic_int passed;

static void index_page(void) {
#ifndef REPAIRED
    step_wait(&passed, 1);
    gr_waitgroup_add(&pages, 1);
#endif
    gr_waitgroup_done(&pages);
}

int main(void) {
#ifdef REPAIRED
    gr_waitgroup_add(&pages, 1);
#endif
    go(index_page);
    gr_waitgroup_wait(&pages);
    step_to(&passed, 1);
    settle();
    return 0;
}
