// class: channel misuse
// want: GR5001 merge
/* Two feeds are merged until both are closed. The first is closed early, and from then on its case is
 * ready all the time. Repaired: a closed feed's case is disabled. */
#include "kernel.h"

static void merge(gr_chan *first, gr_chan *second, gr_chan *turns) {
    int item, spins = 0;
    while (first || second) {
        gr_case cases[] = {gr_case_recv(first, &item), gr_case_recv(second, &item)};
        int chosen = gr_select(cases, 2);
        if (cases[chosen].ok) continue;
#ifdef REPAIRED
        if (chosen == 0) first = NULL;
        else second = NULL;
        if (!spins++) gr_close(turns);
#else
        if (chosen == 1) second = NULL;
        else if (++spins == 3000) gr_close(turns);
        if (!second) return;
#endif
    }
}

int main(void) {
    gr_chan *first = gr_make(int, 0), *second = gr_make(int, 0), *turns = gr_make(int, 0);
    gr_close(first);
    go(merge, first, second, turns);
    gr_recv(turns, NULL);
    gr_close(second);
    settle();
    return 0;
}
