// want: none
/* Hot loops that hand memory from one to the other in every way there is: a lock, an atomic, a channel, free and
 * malloc, stacks of goroutines and threads that end. Argument 1: how often. */
#include <gorace.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long counter, table[64];
static atomic_long turn;
static long passed[2];
static gr_waitgroup ended;

static void *locked(void *times) {
    for (long i = 0; i < (long)times; i++) {
        pthread_mutex_lock(&lock);
        counter++;
        for (int k = 0; k < 64; k++) table[k] += k;
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}
static void *allocated(void *times) {
    for (long i = 0; i < (long)times; i++) {
        char *p = malloc(48);
        for (int k = 0; k < 48; k++) p[k] = (char)k;
        free(p);
    }
    return NULL;
}
static void *taking_turns(void *which) {
    for (long i = (long)which; i < 400; i += 2) {
        while (atomic_load_explicit(&turn, memory_order_acquire) != i) sched_yield();
        passed[0] += passed[1]++;
        atomic_store_explicit(&turn, i + 1, memory_order_release);
    }
    return NULL;
}
static void one(gr_chan *c, long i) {
    char frame[256];
    memset(frame, (int)i, sizeof frame);
    long *box = malloc(sizeof *box);
    *box = i + frame[i & 255];
    gr_send(c, &box);
    gr_waitgroup_done(&ended);
}
static void *short_lived(void *value) {
    *(long *)value += 1;
    return NULL;
}

int main(int argc, char **argv) {
    long times = argc > 1 ? atol(argv[1]) : 50, sum = 0;
    pthread_t threads[6];
    for (int i = 0; i < 2; i++) {
        pthread_create(&threads[i], NULL, locked, (void *)times);
        pthread_create(&threads[2 + i], NULL, allocated, (void *)(10 * times));
        pthread_create(&threads[4 + i], NULL, taking_turns, (void *)(long)i);
    }
    gr_chan *c = gr_make(long *, 4);
    for (long i = 0; i < times / 4; i++) {
        gr_waitgroup_add(&ended, 1);
        go(one, c, i);
        long *box;
        gr_recv(c, &box);
        sum += *box;
        free(box);
        pthread_t thread;
        pthread_create(&thread, NULL, short_lived, &sum);
        pthread_join(thread, NULL);
    }
    gr_waitgroup_wait(&ended);
    for (int i = 0; i < 6; i++) pthread_join(threads[i], NULL);
    gr_chan_free(c);
    return sum < 0;
}
