// want: none
/* A POSIX thread may still wake a goroutine: waiting for one is no deadlock. */
#include <gorace.h>
#include <pthread.h>
#include <unistd.h>

static gr_chan *ch;

static void *thread(void *unused) {
    usleep(50000);
    gr_send_value(ch, int, 1);
    return unused;
}

int main(void) {
    pthread_t id;
    ch = gr_make(int, 0);
    pthread_create(&id, NULL, thread, NULL);
    gr_recv(ch, NULL);
    return pthread_join(id, NULL);
}
