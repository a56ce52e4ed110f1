// want: none
// stdout: ^balance: 360 of 360$
/* payment_race.c repaired: whoever touches the balance holds its mutex. */
#include <gorace.h>
#include <stdio.h>

enum { CUSTOMERS = 8 };

static gr_mutex balance_lock;
static long balance; /* under balance_lock */

static void write_journal(long amount) {
    (void)amount;
    gr_gosched(); /* it takes a while */
}

static void deposit(long amount) {
    gr_mutex_lock(&balance_lock);
    long before = balance;
    write_journal(amount);
    balance = before + amount;
    gr_mutex_unlock(&balance_lock);
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
