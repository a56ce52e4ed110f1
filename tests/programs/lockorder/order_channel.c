// want: lock-order 'a' 'b'
/* A goroutine takes its order after it has received what the other one sent before it took its own. */
#include "turns.h"

gr_mutex a, b;
static gr_chan *started;


static void first(void) { NEST(gr_mutex, &a, &b); }
static void second(void) { NEST(gr_mutex, &b, &a); }
static void sender(void) {
    gr_send_value(started, int, 1);
    first();
    step_to(&turn_now, 1);
}
static void receiver(void) {
    gr_recv(started, NULL);
    step_wait(&turn_now, 1);
    second();
    step_to(&turn_now, 2);
}

int main(void) {
    started = gr_make(int, 0);
    go(receiver);
    go(sender);
    step_wait(&turn_now, 2);
}
