// class: data race
// want: GR1001 read_packets
/* A reader hands packets on by their address and fills the same buffer again for the next one, while
 * the other side may still look at the first. Repaired: a buffer for each. */
#include "kernel.h"

enum { PACKETS = 3 };
struct packet { int length; };

static void read_packets(gr_chan *packets) {
#ifndef REPAIRED
    struct packet *packet = malloc(sizeof *packet);
#endif
    for (int i = 1; i <= PACKETS; i++) {
#ifdef REPAIRED
        struct packet *packet = malloc(sizeof *packet);
#endif
        packet->length = i * 100;
        gr_send(packets, &packet);
    }
    gr_close(packets);
}

int main(void) {
    gr_chan *packets = gr_make(struct packet *, 0);
    int total = 0;
    struct packet *packet;
    go(read_packets, packets);
    while (gr_recv(packets, &packet)) {
        total += packet->length;
#ifdef REPAIRED
        free(packet);
#endif
    }
    printf("%s\n", total == 600 ? "600 bytes" : "other packets than were sent");
    return 0;
}
