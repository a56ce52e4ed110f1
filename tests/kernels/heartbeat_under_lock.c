// class: mixed deadlock: channel & lock
// want: GR2002|GR3001 check_peers
/* A heartbeat reports a lost peer into a channel under the cluster's lock; the elector that reads the
 * channel is just asking for that lock. Others go on. Repaired: it reports after its unlock. */
#include "kernel.h"

struct cluster { gr_mutex lock; int alive; gr_chan *lost; };

static void check_peers(struct cluster *cluster, gr_chan *locked) {
    gr_mutex_lock(&cluster->lock);
    cluster->alive--;
    gr_close(locked);
#ifdef REPAIRED
    gr_mutex_unlock(&cluster->lock);
    gr_send_value(cluster->lost, int, 3);
#else
    gr_send_value(cluster->lost, int, 3);
    gr_mutex_unlock(&cluster->lock);
#endif
}
static void elect(struct cluster *cluster, gr_chan *locked) {
    int votes, peer;
    gr_recv(locked, NULL);
    gr_mutex_lock(&cluster->lock);
    votes = cluster->alive;
    gr_mutex_unlock(&cluster->lock);
    gr_recv(cluster->lost, &peer);
    printf("%d votes, %d is lost\n", votes, peer);
}
static void serve_clients(gr_chan *requests) { while (gr_recv(requests, NULL)) {} }
APART void start_cluster(gr_chan *locked) {
    struct cluster *cluster = calloc(1, sizeof *cluster);
    cluster->alive = 3;
    cluster->lost = gr_make(int, 0);
    go(check_peers, cluster, locked);
    go(elect, cluster, locked);
}

int main(void) {
    gr_chan *locked = gr_make(int, 0), *requests = gr_make(int, 0);
    start_cluster(locked);
    go(serve_clients, requests);
    gr_recv(locked, NULL);
    for (int i = 0; i < 5; i++)
        gr_send(requests, &i);
    gr_close(requests);
    settle();
    return 0;
}
