// class: mixed deadlock: WaitGroup
// want: GR2002|GR3001 wait_for_backups
/* A backup adds all volumes to the group, and starts a goroutine only for those that are mounted. Main
 * goes on, who waits for the backups does not. Repaired: it adds where it starts. */
#include "kernel.h"

enum { VOLUMES = 4 };
static void back_up(gr_waitgroup *copies) { gr_waitgroup_done(copies); }
static void wait_for_backups(gr_chan *begun) {
    gr_waitgroup *copies = calloc(1, sizeof *copies);
#ifndef REPAIRED
    gr_waitgroup_add(copies, VOLUMES);
#endif
    for (int volume = 0; volume < VOLUMES; volume++) {
        if (volume == 2) continue; /* not mounted */
#ifdef REPAIRED
        gr_waitgroup_add(copies, 1);
#endif
        go(back_up, copies);
    }
    gr_send_value(begun, int, 1);
    gr_waitgroup_wait(copies);
    free(copies);
}

int main(void) {
    gr_chan *begun = gr_make(int, 0);
    go(wait_for_backups, begun);
    gr_recv(begun, NULL);
    settle();
    return 0;
}
