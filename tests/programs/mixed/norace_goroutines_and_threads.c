// want: none
/* Goroutines and POSIX threads meet in one channel. */
#include <gorace.h>
#include <pthread.h>

static gr_chan *ch;
int from_thread, from_goroutine;

static void *thread(void *unused) {
    from_thread = 1;
    gr_send_value(ch, int, 1);
    return unused;
}
static void goroutine(void) {
    from_goroutine = 1;
    gr_send_value(ch, int, 2);
}

int main(void) {
    pthread_t id;
    ch = gr_make(int, 0);
    pthread_create(&id, NULL, thread, NULL);
    go(goroutine);
    gr_recv(ch, NULL);
    gr_recv(ch, NULL);
    int sum = from_thread + from_goroutine;
    pthread_join(id, NULL);
    return sum != 2;
}
