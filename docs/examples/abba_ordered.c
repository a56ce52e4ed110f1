// want: none
// stdout: ^100 and 100$
/* abba_locks.c repaired: all locks of one kind have an order (here their numbers), and who needs
 * several takes the lower one first.
 */
#include <gorace.h>
#include <stdio.h>

struct account {
    gr_mutex lock;
    int number;
    long balance;
};

static void transfer(struct account *from, struct account *to, gr_waitgroup *ended) {
    struct account *low = from->number < to->number ? from : to;
    struct account *high = low == from ? to : from;

    for (int i = 0; i < 100; i++) {
        gr_mutex_lock(&low->lock);
        gr_mutex_lock(&high->lock);
        from->balance--;
        to->balance++;
        gr_mutex_unlock(&high->lock);
        gr_mutex_unlock(&low->lock);
    }
    gr_waitgroup_done(ended);
}

int main(void) {
    struct account a = {.number = 1, .balance = 100}, b = {.number = 2, .balance = 100};
    gr_waitgroup ended = {0};

    gr_waitgroup_add(&ended, 2);
    go(transfer, &a, &b, &ended);
    go(transfer, &b, &a, &ended);
    gr_waitgroup_wait(&ended);
    printf("%ld and %ld\n", a.balance, b.balance);
    return 0;
}
