// class: mixed deadlock: channel & lock
// want: GR3002 set_state
// want: GR3002 control
/* A controller waits in a select under its lock, and returns from the branch `stop` without the unlock.
 * Who comes next waits for a goroutine that has ended. Repaired: an unlock in that branch. */
#include "kernel.h"

static gr_mutex lock;
static int state;

static void control(gr_chan *updates, gr_chan *stop) {
    gr_mutex_lock(&lock);
    gr_case cases[] = {gr_case_recv(updates, &state), gr_case_recv(stop, NULL)};
    if (gr_select(cases, 2) == 1) {
#ifdef REPAIRED
        gr_mutex_unlock(&lock);
#endif
        return;
    }
    gr_mutex_unlock(&lock);
}
static void set_state(gr_chan *ready) {
    gr_send_value(ready, int, 1);
    gr_mutex_lock(&lock);
    state = 1;
    gr_mutex_unlock(&lock);
}

int main(void) {
    gr_chan *updates = gr_make(int, 0), *stop = gr_make(int, 0), *ready = gr_make(int, 0);
    go(control, updates, stop);
    gr_send_value(stop, int, 1);
    go(set_state, ready);
    gr_recv(ready, NULL);
    settle();
    return 0;
}
