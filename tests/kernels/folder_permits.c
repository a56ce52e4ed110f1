// class: resource deadlock: double locking
// want: GR2001 walk
/* A walk over folders takes a permit for each open folder and keeps it while it walks those inside:
 * a tree that is deeper than there are permits stops it. Repaired: the permit goes before. */
#include "kernel.h"

static gr_sem open_folders;

static int walk(int depth) {
    int entries;
    gr_sem_acquire(&open_folders, 1);
    entries = 3; /* read them */
#ifdef REPAIRED
    gr_sem_release(&open_folders, 1);
#endif
    if (depth > 0) entries += walk(depth - 1);
#ifndef REPAIRED
    gr_sem_release(&open_folders, 1);
#endif
    return entries;
}

int main(void) {
    gr_sem_init(&open_folders, 4);
    walk(3);
    walk(4);
    return 0;
}
