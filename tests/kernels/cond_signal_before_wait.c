// class: communication deadlock: condition variable
// want: GR2001 open_connection
/* A pool signals that a connection came back; who wants one waits without looking whether there is one
 * already. The signal came first and woke nobody. Repaired: it looks before it waits. */
#include "kernel.h"

static gr_mutex lock;
static gr_cond returned;
static int idle;

static void return_connection(void) {
    gr_mutex_lock(&lock);
    idle++;
    gr_cond_signal(&returned);
    gr_mutex_unlock(&lock);
}
static void open_connection(void) {
    gr_mutex_lock(&lock);
#ifdef REPAIRED
    while (idle == 0)
#endif
        gr_cond_wait(&returned);
    idle--;
    gr_mutex_unlock(&lock);
}

int main(void) {
    gr_cond_init(&returned, &lock);
    return_connection();
    open_connection();
    return 0;
}
