// class: mixed deadlock: channel & lock
// want: GR2002|GR3001 check_peers
/* A heartbeat reports a lost peer into a channel under the cluster's lock; the elector that reads the
 * channel is just asking for that lock. Others go on. Repaired: it reports after its unlock. */
#include "kernel.h"

static gr_mutex cluster;
static int alive = 3;

static void check_peers(gr_chan *lost, gr_chan *locked) {
    gr_mutex_lock(&cluster);
    alive--;
    gr_close(locked);
#ifdef REPAIRED
    gr_mutex_unlock(&cluster);
    gr_send_value(lost, int, 3);
#else
    gr_send_value(lost, int, 3);
    gr_mutex_unlock(&cluster);
#endif
}
static void elect(gr_chan *lost, gr_chan *locked) {
    int votes, peer;
    gr_recv(locked, NULL);
    gr_mutex_lock(&cluster);
    votes = alive;
    gr_mutex_unlock(&cluster);
    gr_recv(lost, &peer);
    printf("%d votes, %d is lost\n", votes, peer);
}
static void serve_clients(gr_chan *requests) { while (gr_recv(requests, NULL)) {} }

int main(void) {
    gr_chan *lost = gr_make(int, 0), *locked = gr_make(int, 0), *requests = gr_make(int, 0);
    go(check_peers, lost, locked);
    go(elect, lost, locked);
    go(serve_clients, requests);
    gr_recv(locked, NULL);
    for (int i = 0; i < 5; i++)
        gr_send(requests, &i);
    gr_close(requests);
    settle();
    return 0;
}
