// class: resource deadlock: AB-BA
// want: GR4001 withdraw
/* A router's `announce` locks the table, then the peer; `withdraw` the other way round. This time they
 * come one after the other, so nothing happens: but nothing orders them. Repaired: both alike. */
#include "kernel.h"

static gr_mutex table, peer;
static int routes, messages;
static atomic_int turn;

static void announce(void) {
    gr_mutex_lock(&table);
    gr_mutex_lock(&peer);
    routes++;
    messages++;
    gr_mutex_unlock(&peer);
    gr_mutex_unlock(&table);
    step_to(&turn, 1);
}
static void withdraw(void) {
    step_wait(&turn, 1);
#ifdef REPAIRED
    gr_mutex_lock(&table);
    gr_mutex_lock(&peer);
#else
    gr_mutex_lock(&peer);
    gr_mutex_lock(&table);
#endif
    routes--;
    messages++;
    gr_mutex_unlock(&table);
    gr_mutex_unlock(&peer);
}

int main(void) {
    together(announce, withdraw);
    return 0;
}
