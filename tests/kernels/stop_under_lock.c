// class: mixed deadlock: channel & lock
// want: GR2001 stop
/* `stop` holds the server's lock while it waits for the loop's end; the loop takes the lock once more
 * before it ends. Repaired: it waits without the lock. */
#include "kernel.h"

static struct { gr_mutex lock; bool stopping; int connections; gr_chan *quit, *ended; } server;

static void serve(void) {
    gr_recv(server.quit, NULL);
    gr_mutex_lock(&server.lock);
    server.connections = 0;
    gr_mutex_unlock(&server.lock);
    gr_close(server.ended);
}
static void stop(void) {
    gr_mutex_lock(&server.lock);
    server.stopping = true;
    gr_close(server.quit);
#ifdef REPAIRED
    gr_mutex_unlock(&server.lock);
    gr_recv(server.ended, NULL);
#else
    gr_recv(server.ended, NULL);
    gr_mutex_unlock(&server.lock);
#endif
}

int main(void) {
    server.quit = gr_make(int, 0);
    server.ended = gr_make(int, 0);
    go(serve);
    stop();
    return 0;
}
