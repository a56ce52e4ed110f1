// want: none
/* Three wait for each other in a chain whose end goes on in the end. */
#include "queued.h"

gr_mutex a, b, c;
static gr_waitgroup ended;
static gr_chan *go_on;

static void last(void) {
    gr_mutex_lock(&c);
    gr_recv(go_on, NULL);
    gr_mutex_unlock(&c);
    gr_waitgroup_done(&ended);
}
static void middle(void) {
    gr_mutex_lock(&b);
    gr_mutex_lock(&c);
    gr_mutex_unlock(&c);
    gr_mutex_unlock(&b);
    gr_waitgroup_done(&ended);
}
static void first(void) {
    gr_mutex_lock(&a);
    gr_mutex_lock(&b);
    gr_mutex_unlock(&b);
    gr_mutex_unlock(&a);
    gr_waitgroup_done(&ended);
}

int main(void) {
    go_on = gr_make(int, 0);
    gr_waitgroup_add(&ended, 3);
    go(last);
    while (gr_mutex_try_lock(&c)) {
        gr_mutex_unlock(&c);
        gr_gosched();
    }
    go(middle);
    wait_until_queued(&c);
    go(first);
    wait_until_queued(&b);
    gr_close(go_on);
    gr_waitgroup_wait(&ended);
    return 0;
}
