// want: race deposit balance
/* A payment service keeps one balance for all its goroutines.
 *
 * What goes wrong: between the read of the balance and its write others may deposit too, here while the
 * payment is written to the journal. They all started from the same old balance, and all but the last
 * are lost. Repaired in payment_mutex.c.
 */
#include <gorace.h>
#include <stdio.h>

enum { CUSTOMERS = 8 };

static long balance;

static void write_journal(long amount) {
    (void)amount;
    gr_gosched(); /* it takes a while */
}

static void deposit(long amount) {
    long before = balance;
    write_journal(amount);
    balance = before + amount;
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
