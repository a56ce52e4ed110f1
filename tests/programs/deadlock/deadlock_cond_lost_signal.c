// want: deadlock
// stderr: ^fatal error: all goroutines are asleep - deadlock!$
// stderr: ^goroutine 1 \[sync\.Cond\.Wait\]:$
// stderr: ^Signals that came while nobody waited: 2(\.|, the last by goroutine 2 at:\nnotify\(\))
/* The signal came before anybody waited, and is lost: who waits does not look first whether it must. */
#include <gorace.h>

static gr_mutex lock;
static gr_cond changed;

static void notify(gr_chan *done) {
    gr_cond_broadcast(&changed);
    gr_cond_signal(&changed);
    gr_send_value(done, int, 1);
}

int main(void) {
    gr_chan *done = gr_make(int, 0);
    gr_cond_init(&changed, &lock);
    go(notify, done);
    gr_recv(done, NULL);
    gr_mutex_lock(&lock);
    gr_cond_wait(&changed);
    return 0;
}
