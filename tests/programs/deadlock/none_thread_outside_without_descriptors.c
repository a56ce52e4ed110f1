// want: none
/* A POSIX thread may still wake a goroutine, also when no descriptor is to be had to look for it with. */
#include <gorace.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

static gr_chan *ch;

static void *thread(void *unused) {
    usleep(100000);
    gr_send_value(ch, int, 1);
    return unused;
}

int main(void) {
    pthread_t id;
    ch = gr_make(int, 0);
    pthread_create(&id, NULL, thread, NULL);
    setrlimit(RLIMIT_NOFILE, &(struct rlimit){0, 0});
    gr_recv(ch, NULL);
    return pthread_join(id, NULL);
}
