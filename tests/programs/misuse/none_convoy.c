// want: none
/* A goroutine asks another something while it holds a lock, and others wait for that: told with convoy_ms only.
 * With an argument it gives the lock before. */
#include <gorace.h>

static gr_mutex lock;
static int value;

static void reader(gr_waitgroup *ended) {
    gr_mutex_lock(&lock);
    value++;
    gr_mutex_unlock(&lock);
    gr_waitgroup_done(ended);
}

static void __attribute__((noinline)) ask(gr_chan *question, gr_chan *answer, bool politely) {
    gr_mutex_lock(&lock);
    gr_send_value(question, int, 1);
    if (politely) gr_mutex_unlock(&lock);
    gr_recv(answer, NULL);
    if (!politely) gr_mutex_unlock(&lock);
}

static void oracle(gr_chan *question, gr_chan *answer, gr_waitgroup *ended) {
    gr_recv(question, NULL);
    gr_waitgroup_add(ended, 3);
    for (int i = 0; i < 3; i++) go(reader, ended);
    gr_sleep(300 * GR_MILLISECOND);
    gr_send_value(answer, int, 42);
    gr_waitgroup_done(ended);
}

int main(int argc, char **argv) {
    (void)argv;
    gr_chan *question = gr_make(int, 0), *answer = gr_make(int, 0);
    gr_waitgroup ended = {0};
    gr_waitgroup_add(&ended, 1);
    go(oracle, question, answer, &ended);
    ask(question, answer, argc > 1);
    gr_waitgroup_wait(&ended);
    return value == 3 ? 0 : 1;
}
