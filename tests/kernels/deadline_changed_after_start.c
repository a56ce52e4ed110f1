// class: captured variable
// want: GR1001 expire
/* A goroutine is given the address of a deadline, and its starter moves the deadline afterwards.
 * Repaired: it is given the value it shall use. */
#include "kernel.h"

#ifdef REPAIRED
static void expire(int deadline, gr_chan *expired) {
#else
static void expire(int *given, gr_chan *expired) {
    int deadline = *given;
#endif
    gr_send(expired, &deadline);
}

int main(void) {
    gr_chan *expired = gr_make(int, 0);
    int deadline = 10;
#ifdef REPAIRED
    go(expire, deadline + 20, expired);
#else
    go(expire, &deadline, expired);
    deadline += 20;
#endif
    gr_recv(expired, &deadline);
    return deadline < 0;
}
