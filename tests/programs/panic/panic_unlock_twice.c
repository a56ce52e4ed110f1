// want: fatal
// stderr: ^fatal error: sync: unlock of unlocked mutex$
// stderr: ^goroutine 1 \[running\]:\ncleanup\(\)\n.*\nmain\(\)
/* The way out unlocks what was unlocked already. */
#include <gorace.h>

static gr_mutex lock;
static volatile int cleaned;

static void __attribute__((noinline)) cleanup(void) {
    gr_mutex_unlock(&lock);
    cleaned = 1;
}

static void __attribute__((noinline)) work(gr_chan *done) {
    gr_mutex_unlock(&lock);
    gr_send_value(done, int, 1);
}

int main(void) {
    gr_chan *done = gr_make(int, 0);
    gr_mutex_lock(&lock);
    go(work, done);
    gr_recv(done, NULL);
    cleanup();
    cleaned = 2;
    return 0;
}
