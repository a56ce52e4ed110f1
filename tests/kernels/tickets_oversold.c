// class: order violation
// want: none
/* A ticket office looks under the lock whether a seat is left, and sells under the lock: but lets go in
 * between. Each access is locked, so no rule is broken that a tool could know; two seats are sold where
 * there was one. Repaired: one section. */
#include "kernel.h"

static gr_mutex lock;
static int seats = 1;
static gr_chan *looked, *sell;

static bool seat_left(void) {
    bool left;
    gr_mutex_lock(&lock);
    left = seats > 0;
#ifdef REPAIRED
    if (left) seats--;
#endif
    gr_mutex_unlock(&lock);
    return left;
}
static void office(void) {
    bool left = seat_left();
    gr_send_value(looked, int, 1);
    gr_recv(sell, NULL);
    if (!left) return;
#ifndef REPAIRED
    gr_mutex_lock(&lock);
    seats--;
    gr_mutex_unlock(&lock);
#endif
}
static void let_them_sell(void) {
    gr_recv(looked, NULL);
    gr_recv(looked, NULL);
    gr_close(sell);
}

int main(void) {
    looked = gr_make(int, 0);
    sell = gr_make(int, 0);
    go(let_them_sell);
    together(office, office);
    printf("%d seats left\n", seats);
    return 0;
}
