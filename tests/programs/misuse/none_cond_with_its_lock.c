// want: none
/* Many wait for a condition with its lock, are woken one by one and all at once, and wait again. */
#include <gorace.h>

static gr_mutex lock;
static gr_cond changed;
static int tokens, takers = 8;

static void taker(gr_waitgroup *ended) {
    for (int i = 0; i < 50; i++) {
        gr_mutex_lock(&lock);
        while (!tokens) gr_cond_wait(&changed);
        tokens--;
        gr_mutex_unlock(&lock);
    }
    gr_waitgroup_done(ended);
}

int main(void) {
    gr_waitgroup ended = {0};
    gr_cond_init(&changed, &lock);
    gr_waitgroup_add(&ended, takers);
    for (int i = 0; i < takers; i++) go(taker, &ended);
    for (int i = 0; i < 50 * takers; i++) {
        gr_mutex_lock(&lock);
        tokens++;
        gr_mutex_unlock(&lock);
        if (i % 2) gr_cond_signal(&changed);
        else gr_cond_broadcast(&changed);
        if (i % 16 == 0) gr_gosched();
    }
    gr_waitgroup_wait(&ended);
    return tokens;
}
