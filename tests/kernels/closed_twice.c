// class: channel misuse
// want: GR9001 close of closed channel
/* A connection is closed by its reader when the peer hangs up, and by the server's shutdown: both close
 * its channel. Repaired: a once. */
#include "kernel.h"

static gr_chan *connection, *hung_up;
static gr_once closed;

static void close_connection(void) { gr_close(connection); }
static void end(void) {
#ifdef REPAIRED
    gr_once_do(&closed, close_connection);
#else
    (void)closed;
    close_connection();
#endif
}
static void read_until_end(void) {
    end();
    gr_send_value(hung_up, int, 1);
}

int main(void) {
    connection = gr_make(int, 0);
    hung_up = gr_make(int, 0);
    go(read_until_end);
    gr_recv(hung_up, NULL);
    end();
    return 0;
}
