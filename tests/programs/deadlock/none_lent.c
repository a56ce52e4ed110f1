// want: none
/* A lock that is used as a semaphore: whoever waits for it has it, and another gives it, as once before. */
#include "queued.h"

static gr_mutex lock;
static gr_chan *given;

static void give(void) {
    gr_mutex_unlock(&lock);
    gr_close(given);
}
static void give_to_waiter(void) {
    wait_until_queued(&lock);
    gr_mutex_unlock(&lock);
}

int main(void) {
    given = gr_make(int, 0);
    gr_mutex_lock(&lock);
    go(give);
    gr_recv(given, NULL);
    gr_mutex_lock(&lock);
    go(give_to_waiter);
    gr_mutex_lock(&lock);
    gr_mutex_unlock(&lock);
    return 0;
}
