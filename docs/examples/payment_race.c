// want: race balance balance
/* A payment service keeps one balance for all its goroutines.
 *
 * What goes wrong: `balance += amount` is a read and a write. Two deposits at the same time may read
 * the same old balance, and one of them is lost. Repaired in payment_mutex.c.
 */
#include <gorace.h>
#include <stdio.h>

enum { CUSTOMERS = 8 };

static long balance;

static void deposit(long amount) {
    balance += amount;
}

static void customer(int number, gr_waitgroup *paid) {
    for (int i = 0; i < 10; i++)
        deposit(number);
    gr_waitgroup_done(paid);
}

int main(void) {
    gr_waitgroup paid = {0};

    gr_waitgroup_add(&paid, CUSTOMERS);
    for (int i = 1; i <= CUSTOMERS; i++)
        go(customer, i, &paid);
    gr_waitgroup_wait(&paid);
    printf("balance: %ld of 360\n", balance);
    return 0;
}
