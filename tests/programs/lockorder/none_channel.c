// want: none
/* A goroutine takes its order when it has received from the other one, which is done. */
#include "turns.h"

gr_mutex a, b;
static gr_chan *done;

static void first(void) { NEST(gr_mutex, &a, &b); }
static void second(void) { NEST(gr_mutex, &b, &a); }
static void sender(void) {
    first();
    gr_send_value(done, int, 1);
}
static void receiver(void) {
    gr_recv(done, NULL);
    second();
    gr_send_value(done, int, 2);
}

int main(void) {
    done = gr_make(int, 0);
    go(receiver);
    go(sender);
    step_wait(&turn_now, 0);
    gr_gosched();
    int last = 0;
    while (last != 2) {
        gr_recv(done, &last);
        if (last == 1) gr_send_value(done, int, 1);
    }
}
