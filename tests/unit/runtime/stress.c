/* stress.c - sums over rings, pools and selects; run with GOMAXPROCS 1, 2, 8. Exit status 0: right. */
#include <gorace.h>
#include <stdio.h>
#include <stdlib.h>

#define EXPECT(condition) \
    do { if (!(condition)) { fprintf(stderr, "%d: %s\n", __LINE__, #condition); exit(1); } } while (0)

static void stage(gr_chan *in, gr_chan *out) {
    int v;
    while (gr_recv(in, &v)) { v++; gr_send(out, &v); }
    gr_close(out);
}

static void ring(void) {
    gr_chan *first = gr_make(int, 0), *in = first;
    for (int i = 0; i < 100; i++) {
        gr_chan *out = gr_make(int, i % 3);
        go(stage, in, out);
        in = out;
    }
    for (int i = 0; i < 200; i++) {
        int v;
        gr_send_value(first, int, i);
        EXPECT(gr_recv(in, &v) && v == i + 100);
    }
    gr_close(first);
    EXPECT(!gr_recv(in, NULL));
}

static void generate(gr_chan *out) {
    for (int i = 2;; i++) gr_send(out, &i);
}

static void filter(gr_chan *in, gr_chan *out, int prime) {
    for (;;) {
        int v;
        gr_recv(in, &v);
        if (v % prime) gr_send(out, &v);
    }
}

static void sieve(void) {
    gr_chan *in = gr_make(int, 0);
    int prime = 0;
    go(generate, in);
    for (int i = 0; i < 200; i++) {
        gr_recv(in, &prime);
        gr_chan *out = gr_make(int, 0);
        go(filter, in, out, prime);
        in = out;
    }
    EXPECT(prime == 1223);
}

static void produce(gr_chan *c, gr_waitgroup *done, int n) {
    for (int i = 1; i <= n; i++) gr_send(c, &i);
    gr_waitgroup_done(done);
}

static void consume(gr_chan *c, gr_waitgroup *done, long *sum, gr_mutex *mutex) {
    int v;
    while (gr_recv(c, &v)) {
        gr_mutex_lock(mutex);
        *sum += v;
        gr_mutex_unlock(mutex);
    }
    gr_waitgroup_done(done);
}

static void pool(int capacity) {
    gr_chan *c = gr_make(int, capacity);
    gr_waitgroup producers = {0}, consumers = {0};
    gr_mutex mutex = GR_MUTEX_INIT;
    long sum = 0;
    gr_waitgroup_add(&producers, 8);
    gr_waitgroup_add(&consumers, 5);
    for (int i = 0; i < 8; i++) go(produce, c, &producers, 1000);
    for (int i = 0; i < 5; i++) go(consume, c, &consumers, &sum, &mutex);
    gr_waitgroup_wait(&producers);
    gr_close(c);
    gr_waitgroup_wait(&consumers);
    EXPECT(sum == 8L * 1000 * 1001 / 2);
    gr_chan_free(c);
}

static void select_sender(gr_chan *a, gr_chan *b, gr_chan *quit, gr_waitgroup *done) {
    for (int i = 1;; i++) {
        gr_case cases[] = {gr_case_send(a, &i), gr_case_send(b, &i), gr_case_recv(quit, NULL)};
        if (gr_select(cases, 3) == 2) break;
    }
    gr_waitgroup_done(done);
}

static void selects(void) {
    gr_chan *a = gr_make(int, 0), *b = gr_make(int, 2), *quit = gr_make(bool, 0);
    gr_waitgroup done = {0};
    gr_waitgroup_add(&done, 4);
    for (int i = 0; i < 4; i++) go(select_sender, a, b, quit, &done);
    int seen[2] = {0, 0}, v = 0;
    for (int i = 0; i < 20000; i++) {
        gr_case cases[] = {gr_case_recv(a, &v), gr_case_recv(b, &v), gr_case_recv(NULL, &v)};
        int k = gr_select(cases, 3);
        EXPECT((k == 0 || k == 1) && cases[k].ok && v > 0);
        seen[k]++;
    }
    EXPECT(seen[0] && seen[1]);
    gr_close(quit);
    gr_waitgroup_wait(&done);
}

static void reader(gr_rwmutex *m, const int *pair, gr_waitgroup *done) {
    for (int i = 0; i < 500; i++) {
        gr_rwmutex_rlock(m);
        EXPECT(pair[0] == pair[1]);
        gr_rwmutex_runlock(m);
        if (i % 50 == 0) gr_gosched();
    }
    gr_waitgroup_done(done);
}

static void writer(gr_rwmutex *m, int *pair, gr_waitgroup *done) {
    for (int i = 0; i < 200; i++) {
        gr_rwmutex_lock(m);
        pair[0]++;
        gr_gosched();
        pair[1]++;
        gr_rwmutex_unlock(m);
    }
    gr_waitgroup_done(done);
}

static void rwmutex(void) {
    gr_rwmutex m = {0};
    gr_waitgroup done = {0};
    int pair[2] = {0, 0};
    gr_waitgroup_add(&done, 8);
    for (int i = 0; i < 5; i++) go(reader, &m, pair, &done);
    for (int i = 0; i < 3; i++) go(writer, &m, pair, &done);
    gr_waitgroup_wait(&done);
    EXPECT(pair[0] == 600 && pair[1] == 600);
}

static void nap(gr_waitgroup *done, int i) {
    gr_sleep(i % 7 * GR_MILLISECOND);
    gr_waitgroup_done(done);
}

static void sleepers(void) {
    gr_waitgroup done = {0};
    gr_waitgroup_add(&done, 500);
    for (int i = 0; i < 500; i++) go(nap, &done, i);
    gr_waitgroup_wait(&done);
}

static void parked(gr_chan *stop, gr_waitgroup *up, gr_waitgroup *down) {
    gr_waitgroup_done(up);
    gr_recv(stop, NULL);
    gr_waitgroup_done(down);
}

static void many(int n) {
    gr_chan *stop = gr_make(int, 0);
    gr_waitgroup up = {0}, down = {0};
    gr_waitgroup_add(&up, n);
    gr_waitgroup_add(&down, n);
    for (int i = 0; i < n; i++) go(parked, stop, &up, &down);
    gr_waitgroup_wait(&up);
    gr_close(stop);
    gr_waitgroup_wait(&down);
}

int main(int argc, char **argv) {
    ring();
    sieve();
    pool(0);
    pool(16);
    selects();
    rwmutex();
    sleepers();
    many(argc > 1 ? atoi(argv[1]) : 5000);
    return 0;
}
