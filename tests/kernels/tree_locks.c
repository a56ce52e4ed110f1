// class: resource deadlock: AB-BA
// want: GR2001 rename_child
/* A tree of nodes: `remove_parent` locks downwards, `rename_child` locks the node and then, to tell
 * it, the parent's read-write lock. Repaired: `rename_child` tells the parent after its unlock. */
#include "kernel.h"

static gr_rwmutex parent;
static gr_mutex child;
static int names, nodes = 2;
static gr_chan *parent_taken, *child_taken;

static void remove_parent(void) {
    gr_rwmutex_lock(&parent);
    gr_close(parent_taken);
    gr_recv(child_taken, NULL);
    gr_mutex_lock(&child);
    nodes = 0;
    gr_mutex_unlock(&child);
    gr_rwmutex_unlock(&parent);
}
static void rename_child(void) {
    gr_mutex_lock(&child);
    gr_close(child_taken);
    gr_recv(parent_taken, NULL);
    names++;
#ifdef REPAIRED
    gr_mutex_unlock(&child);
#endif
    gr_rwmutex_rlock(&parent);
    (void)nodes;
    gr_rwmutex_runlock(&parent);
#ifndef REPAIRED
    gr_mutex_unlock(&child);
#endif
}

int main(void) {
    parent_taken = gr_make(int, 0);
    child_taken = gr_make(int, 0);
    together(remove_parent, rename_child);
    return 0;
}
