// want: misuse
// stderr: wait for a condition without holding its mutex
// stderr: ^Main goroutine took gr_mutex 'lock' .* at:\n  main\(\)
// stderr: ^Goroutine 2 \[running\]:\n  waiter\(\)
/* The lock of the condition is held, but by somebody else, who loses it by that. */
#include <gorace.h>

static gr_mutex lock;
static gr_cond changed;

static void waiter(gr_chan *ended) {
    gr_cond_wait(&changed);
    gr_mutex_unlock(&lock);
    gr_close(ended);
}

int main(void) {
    gr_chan *ended = gr_make(int, 0);
    gr_cond_init(&changed, &lock);
    gr_mutex_lock(&lock);
    go(waiter, ended);
    while (!gr_mutex_try_lock(&lock)) gr_gosched(); /* its wait has unlocked it */
    gr_mutex_unlock(&lock);
    gr_cond_signal(&changed);
    gr_recv(ended, NULL);
    return 0;
}
