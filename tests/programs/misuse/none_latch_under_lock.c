// want: none
/* A closed channel is the latch in front of every call, and the calls do the same thing each time. */
#include <gorace.h>

static gr_chan *started;
static gr_mutex lock;
static long calls;

static void call(void) {
    int value;
    gr_case cases[] = {gr_case_recv(started, &value)};
    gr_select(cases, 1);
    gr_mutex_lock(&lock);
    calls++;
    gr_mutex_unlock(&lock);
}

int main(void) {
    started = gr_make(int, 0);
    gr_close(started);
    for (int i = 0; i < 200000; i++) call();
    return 0;
}
