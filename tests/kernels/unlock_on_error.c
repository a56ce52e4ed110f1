// class: library: lock
// want: GR9002 unlock of unlocked mutex
/* A transfer that is refused unlocks in its error branch, and at the end as always. Repaired: only at
 * the end. */
#include "kernel.h"

static gr_mutex lock;
static int balance = 10;

static void withdraw(int amount) {
    gr_mutex_lock(&lock);
    if (amount > balance) {
        puts("refused");
#ifndef REPAIRED
        gr_mutex_unlock(&lock);
#endif
    } else {
        balance -= amount;
    }
    gr_mutex_unlock(&lock);
}

int main(void) {
    withdraw(5);
    withdraw(20);
    return 0;
}
