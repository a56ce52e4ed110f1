// want: race
/* A goroutine and a thread race. */
#include <gorace.h>
#include <pthread.h>

int x;

static void *thread(void *unused) {
    x++;
    return unused;
}
static void goroutine(gr_waitgroup *ended) {
    x++;
    gr_waitgroup_done(ended);
}

int main(void) {
    pthread_t id;
    gr_waitgroup ended = {0};
    gr_waitgroup_add(&ended, 1);
    pthread_create(&id, NULL, thread, NULL);
    go(goroutine, &ended);
    gr_waitgroup_wait(&ended);
    return pthread_join(id, NULL);
}
