/* runtime.c - the runtime's workloads; runtime.go is its twin. `runtime NAME [COUNT]` prints ns per
 * operation. Built with libgorace, and by `gorace cc` for the comparison with Go's -race. */
#include <gorace.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static gr_waitgroup all;

static void nothing(void) { gr_waitgroup_done(&all); }

static void spawn(long n) {
    gr_waitgroup_add(&all, (int)n);
    for (long i = 0; i < n; i++) go(nothing);
    gr_waitgroup_wait(&all);
}

static void batch(long n) {
    for (long done = 0; done < n; done += 1000) {
        gr_waitgroup_add(&all, 1000);
        for (int i = 0; i < 1000; i++) go(nothing);
        gr_waitgroup_wait(&all);
    }
}

static void echo(gr_chan *in, gr_chan *out, long n) {
    for (long v, i = 0; i < n; i++) {
        gr_recv(in, &v);
        gr_send(out, &v);
    }
}
static void pingpong(long n) {
    gr_chan *there = gr_make(long, 0), *back = gr_make(long, 0);
    go(echo, there, back, n);
    for (long i = 0, v; i < n; i++) {
        gr_send(there, &i);
        gr_recv(back, &v);
    }
}

static void produce(gr_chan *c, long n) {
    for (long i = 0; i < n; i++) gr_send(c, &i);
    gr_waitgroup_done(&all);
}
static void consume(gr_chan *c, long n) {
    for (long i = 0, v; i < n; i++) gr_recv(c, &v);
    gr_waitgroup_done(&all);
}
static void streams(long n, int pairs) {
    gr_chan *c = gr_make(long, 128);
    gr_waitgroup_add(&all, 2 * pairs);
    for (int i = 0; i < pairs; i++) {
        go(produce, c, n / pairs);
        go(consume, c, n / pairs);
    }
    gr_waitgroup_wait(&all);
}
static void buffered(long n) { streams(n, 1); }
static void buffered4(long n) { streams(n, 4); }

static void pass_on(gr_chan *from, gr_chan *to) {
    for (long v; gr_recv(from, &v);) gr_send(to, &v);
    gr_close(to);
}
static void ring(long n) {
    enum { MEMBERS = 1000 };
    gr_chan *first = gr_make(long, 0), *last = first;
    for (int i = 1; i < MEMBERS; i++) {
        gr_chan *next = gr_make(long, 0);
        go(pass_on, last, next);
        last = next;
    }
    for (long i = 0, v; i < n / MEMBERS; i++) {
        gr_send(first, &i);
        gr_recv(last, &v);
    }
    gr_close(first);
    gr_recv(last, NULL);
}

static void numbers(gr_chan *out, gr_chan *stop) {
    for (int i = 2;; i++) {
        gr_case cases[] = {gr_case_send(out, &i), gr_case_recv(stop, NULL)};
        if (gr_select(cases, 2) == 1) break;
    }
}
static void filter(gr_chan *in, gr_chan *out, gr_chan *stop, int prime) {
    for (;;) {
        int v;
        gr_case cases[] = {gr_case_recv(in, &v), gr_case_recv(stop, NULL)};
        if (gr_select(cases, 2) == 1) return;
        if (v % prime == 0) continue;
        gr_case on[] = {gr_case_send(out, &v), gr_case_recv(stop, NULL)};
        if (gr_select(on, 2) == 1) return;
    }
}
static void sieve(long n) {
    gr_chan *in = gr_make(int, 0), *stop = gr_make(int, 0);
    go(numbers, in, stop);
    for (long i = 0; i < n; i++) {
        int prime;
        gr_recv(in, &prime);
        gr_chan *out = gr_make(int, 0);
        go(filter, in, out, stop, prime);
        in = out;
    }
    gr_close(stop);
}

static void sender(gr_chan *c, long n) {
    for (long i = 0; i < n; i++) gr_send(c, &i);
}
static void select3(long n) {
    gr_chan *c[3];
    for (int i = 0; i < 3; i++) {
        c[i] = gr_make(long, 0);
        go(sender, c[i], n / 3);
    }
    for (long i = 0, v; i < n / 3 * 3; i++) {
        gr_case cases[] = {gr_case_recv(c[0], &v), gr_case_recv(c[1], &v), gr_case_recv(c[2], &v)};
        gr_select(cases, 3);
    }
}

static gr_mutex lock;
static long counter;
static void count(long n) {
    for (long i = 0; i < n; i++) {
        gr_mutex_lock(&lock);
        counter++;
        gr_mutex_unlock(&lock);
    }
    gr_waitgroup_done(&all);
}
static void mutex8(long n) {
    gr_waitgroup_add(&all, 8);
    for (int i = 0; i < 8; i++) go(count, n / 8);
    gr_waitgroup_wait(&all);
}

static void worker(gr_chan *jobs, gr_chan *results) {
    for (long v; gr_recv(jobs, &v);) {
        v *= 2;
        gr_send(results, &v);
    }
}
static void feed(gr_chan *jobs, long n) {
    for (long i = 0; i < n; i++) gr_send(jobs, &i);
    gr_close(jobs);
}
static void pool(long n) {
    gr_chan *jobs = gr_make(long, 100), *results = gr_make(long, 100);
    for (int i = 0; i < 3; i++) go(worker, jobs, results);
    go(feed, jobs, n);
    for (long i = 0, v; i < n; i++) gr_recv(results, &v);
}

static void tree(gr_chan *up, long number, long size) {
    if (size == 1) {
        gr_send(up, &number);
        return;
    }
    gr_chan *c = gr_make(long, 0);
    long sum = 0, part;
    for (int i = 0; i < 10; i++) go(tree, c, number + i * (size / 10), size / 10);
    for (int i = 0; i < 10; i++) {
        gr_recv(c, &part);
        sum += part;
    }
    gr_chan_free(c);
    gr_send(up, &sum);
}
static void skynet(long n) {
    gr_chan *c = gr_make(long, 0);
    long sum;
    go(tree, c, 0, n);
    gr_recv(c, &sum);
    if (sum != n * (n - 1) / 2) exit(1);
}

static const struct { const char *name; void (*run)(long); long n; } table[] = {
    {"spawn", spawn, 1000000}, {"batch", batch, 1000000}, {"pingpong", pingpong, 500000},
    {"buffered", buffered, 3000000}, {"buffered4", buffered4, 3000000}, {"ring", ring, 1000000},
    {"sieve", sieve, 500}, {"select3", select3, 600000}, {"mutex8", mutex8, 4000000},
    {"pool", pool, 1000000}, {"skynet", skynet, 100000},
};

int main(int argc, char **argv) {
    for (size_t i = 0; argc > 1 && i < sizeof table / sizeof table[0]; i++) {
        if (strcmp(table[i].name, argv[1]) != 0) continue;
        long n = argc > 2 ? atol(argv[2]) : table[i].n;
        gr_duration begin = gr_now();
        table[i].run(n);
        printf("%.2f\n", (double)(gr_now() - begin) / (double)n);
        return 0;
    }
    return 2;
}
