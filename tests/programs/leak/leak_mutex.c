// want: leak stuck
// stderr: ^Goroutine \d+ .*\[sync\.Mutex\.Lock\].* still blocked when main returned
// stderr: ^Held by main goroutine, who took it at:\n  main\(\)\n.*leak_mutex.c:17
/* A goroutine is left behind when main returns with the lock: sync.Mutex.Lock. */
#include <gorace.h>

static gr_mutex lock;
static gr_chan *ready;

static void stuck(void) {
    gr_send_value(ready, int, 1);
    gr_mutex_lock(&lock);
}

int main(void) {
    ready = gr_make(int, 0);
    gr_mutex_lock(&lock);
    go(stuck);
    gr_recv(ready, NULL);
    gr_sleep(100 * GR_MILLISECOND);
    return 0;
}
