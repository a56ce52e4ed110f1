// want: misuse main
// stderr: goroutines started without limit
// stderr: \d+ of them wait \[chan receive\] at:\n  handle\(\)
/* A server starts one goroutine for each request.
 *
 * What goes wrong: the database hangs for a while, requests keep coming, and nothing limits how many
 * goroutines wait for it: memory grows with the length of the queue. Repaired in server_bounded.c.
 */
#include <gorace.h>
#include <stdio.h>

enum { REQUESTS = 12000 };

static void client(gr_chan *requests) {
    for (int i = 0; i < REQUESTS; i++)
        gr_send(requests, &i);
    gr_close(requests);
}

static void handle(gr_chan *database, gr_waitgroup *served) {
    gr_recv(database, NULL); /* the answer */
    gr_waitgroup_done(served);
}

int main(void) {
    gr_chan *requests = gr_make(int, 0), *database = gr_make(int, 0);
    gr_waitgroup served = {0};

    go(client, requests);
    for (int request; gr_recv(requests, &request);) {
        gr_waitgroup_add(&served, 1);
        go(handle, database, &served);
    }
    gr_close(database); /* it is back, and answers everybody */
    gr_waitgroup_wait(&served);
    printf("%d requests served\n", REQUESTS);
    return 0;
}
