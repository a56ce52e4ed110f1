// want: deadlock
// stderr: all goroutines are asleep
// stderr: \[sync\.Mutex\.Lock
// stderr: \[sync\.WaitGroup\.Wait
/* Two transfers between the same two accounts, in opposite directions.
 *
 * What goes wrong: each locks the account that it takes from, and then wants the other one's. Neither
 * gives way. (The channels make sure that it happens each time; in real life it happens on Fridays.)
 * Repaired in abba_ordered.c.
 */
#include <gorace.h>

struct account {
    gr_mutex lock;
    long balance;
};

static void transfer(struct account *from, struct account *to, gr_chan *mine, gr_chan *theirs,
                     gr_waitgroup *ended) {
    gr_mutex_lock(&from->lock);
    gr_close(mine);         /* I hold my first lock */
    gr_recv(theirs, NULL);  /* and so do they */
    gr_mutex_lock(&to->lock);
    from->balance--;
    to->balance++;
    gr_mutex_unlock(&to->lock);
    gr_mutex_unlock(&from->lock);
    gr_waitgroup_done(ended);
}

int main(void) {
    struct account a = {.balance = 100}, b = {.balance = 100};
    gr_chan *a_locked = gr_make(int, 0), *b_locked = gr_make(int, 0);
    gr_waitgroup ended = {0};

    gr_waitgroup_add(&ended, 2);
    go(transfer, &a, &b, a_locked, b_locked, &ended);
    go(transfer, &b, &a, b_locked, a_locked, &ended);
    gr_waitgroup_wait(&ended);
    return 0;
}
