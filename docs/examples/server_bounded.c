// want: none
// stdout: ^100 requests served, 11900 refused$
/* server_unbounded.c repaired: a semaphore holds the places of the goroutines. Where none is free the
 * request is refused at once, instead of waiting with thousands of others.
 */
#include <gorace.h>
#include <stdio.h>

enum { REQUESTS = 12000, AT_ONCE = 100 };

static gr_sem places;

static void handle(gr_chan *database, gr_waitgroup *served) {
    gr_recv(database, NULL); /* the answer */
    gr_sem_release(&places, 1);
    gr_waitgroup_done(served);
}

int main(void) {
    gr_chan *database = gr_make(int, 0);
    gr_waitgroup served = {0};
    int refused = 0;

    gr_sem_init(&places, AT_ONCE);
    for (int i = 0; i < REQUESTS; i++) {
        if (!gr_sem_try_acquire(&places, 1)) {
            refused++;
            continue;
        }
        gr_waitgroup_add(&served, 1);
        go(handle, database, &served);
    }
    gr_close(database); /* it is back, and answers everybody */
    gr_waitgroup_wait(&served);
    printf("%d requests served, %d refused\n", REQUESTS - refused, refused);
    return 0;
}
