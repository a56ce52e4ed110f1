// want: deadlock
// stderr: ^fatal error: all goroutines are asleep - deadlock!$
/* A POSIX thread stops the alarm that all waited for, and ends: nobody runs who could notice. */
#include <gorace.h>
#include <pthread.h>
#include <unistd.h>

static gr_timer *timer;

static void *thread(void *unused) {
    usleep(5000);
    gr_timer_stop(timer);
    return unused;
}

int main(void) {
    pthread_t id;
    timer = gr_timer_new(50 * GR_MILLISECOND);
    pthread_create(&id, NULL, thread, NULL);
    pthread_detach(id);
    gr_recv(gr_timer_chan(timer), NULL);
    return 0;
}
