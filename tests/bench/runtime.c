/* runtime.c - the runtime's workloads; runtime.go is its twin, line for line where the languages allow
 * it. `runtime NAME [COUNT]` prints ns per operation. Built with libgorace, and by `gorace cc` for the
 * comparison with Go's -race. Elements are 4 bytes on both sides. */
#include <gorace.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static gr_waitgroup all;
static gr_duration begun;

/* What was set up before does not count. */
static void begin(void) { begun = gr_now(); }

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

static void pass_on(gr_chan *from, gr_chan *to) {
    for (int v; gr_recv(from, &v);) gr_send(to, &v);
    gr_close(to);
}
static void pingpong(long n) {
    gr_chan *there = gr_make(int, 0), *back = gr_make(int, 0);
    go(pass_on, there, back);
    begin();
    for (int i = 0, v; i < n; i++) {
        gr_send(there, &i);
        gr_recv(back, &v);
    }
    gr_close(there);
}

static gr_waitgroup consumers;
static void produce(gr_chan *c, long n) {
    for (int i = 0; i < n; i++) gr_send(c, &i);
    gr_waitgroup_done(&all);
}
static void consume(gr_chan *c) {
    int sum = 0;
    for (int v; gr_recv(c, &v);) sum ^= v;
    __asm__ volatile("" : : "r"(sum));
    gr_waitgroup_done(&consumers);
}
static void streams(long n, int pairs) {
    gr_chan *c = gr_make(int, 128);
    gr_waitgroup_add(&all, pairs);
    gr_waitgroup_add(&consumers, pairs);
    for (int i = 0; i < pairs; i++) go(produce, c, n / pairs);
    for (int i = 0; i < pairs; i++) go(consume, c);
    gr_waitgroup_wait(&all);
    gr_close(c);
    gr_waitgroup_wait(&consumers);
}
static void buffered(long n) { streams(n, 1); }
static void buffered4(long n) { streams(n, 4); }

static void ring(long n) {
    enum { MEMBERS = 1000 };
    gr_chan *first = gr_make(int, 0), *last = first;
    for (int i = 0; i < MEMBERS; i++) {
        gr_chan *next = gr_make(int, 0);
        go(pass_on, last, next);
        last = next;
    }
    begin();
    for (int i = 0, v; i < n / MEMBERS; i++) {
        gr_send(first, &i);
        gr_recv(last, &v);
    }
    gr_close(first);
    gr_recv(last, NULL);
}

static int enough;              /* a: the sieve's generator may end */
static void numbers(gr_chan *out) {
    for (int i = 2; !__atomic_load_n(&enough, __ATOMIC_RELAXED); i++) gr_send(out, &i);
    gr_close(out);
}
static void filter(gr_chan *in, gr_chan *out, int prime) {
    for (int v; gr_recv(in, &v);)
        if (v % prime != 0) gr_send(out, &v);
    gr_close(out);
}
static void sieve(long n) {
    gr_chan *in = gr_make(int, 0);
    go(numbers, in);
    int prime = 0;
    for (long i = 0; i < n; i++) {
        gr_recv(in, &prime);
        gr_chan *out = gr_make(int, 0);
        go(filter, in, out, prime);
        in = out;
    }
    __atomic_store_n(&enough, 1, __ATOMIC_RELAXED);
    while (gr_recv(in, NULL)) continue;
    if (n == 500 && prime != 3571) exit(1);
}

static void sender(gr_chan *c, gr_chan *quit, int number) {
    for (;;) {
        gr_case cases[] = {gr_case_send(c, &number), gr_case_recv(quit, NULL)};
        if (gr_select(cases, 2) == 1) return;
    }
}
static void select3(long n) {
    gr_chan *c[3], *quit = gr_make(bool, 0);
    for (int i = 0; i < 3; i++) {
        c[i] = gr_make(int, 0);
        go(sender, c[i], quit, i);
    }
    begin();
    int sum = 0;
    for (long i = 0; i < n; i++) {
        int v;
        gr_case cases[] = {gr_case_recv(c[0], &v), gr_case_recv(c[1], &v), gr_case_recv(c[2], &v)};
        gr_select(cases, 3);
        sum += v;
    }
    __asm__ volatile("" : : "r"(sum));
    gr_close(quit);
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
    if (counter != n / 8 * 8) exit(1);
}

static void worker(gr_chan *jobs, gr_chan *results) {
    for (int v; gr_recv(jobs, &v);) {
        v *= 2;
        gr_send(results, &v);
    }
}
static void feed(gr_chan *jobs, long n) {
    for (int i = 0; i < n; i++) gr_send(jobs, &i);
    gr_close(jobs);
}
static void pool(long n) {
    gr_chan *jobs = gr_make(int, 5), *results = gr_make(int, 5);
    for (int i = 0; i < 3; i++) go(worker, jobs, results);
    begin();
    go(feed, jobs, n);
    for (long i = 0; i < n; i++) gr_recv(results, &(int){0});
}

/* The sum of a million numbers does not fit 4 bytes. */
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

/* Each frame holds 64 bytes that are cleared, written before the call and read after it. */
__attribute__((noinline)) static int dive(int n) {
    char frame[64] = {0};
    frame[n & 63] = (char)n;
    __asm__ volatile("" : : "r"(frame) : "memory");
    if (n == 0) return frame[0];
    return dive(n - 1) + (frame[n & 63] & 1);
}
static void diver(gr_chan *done, int n) {
    int odd = dive(n);
    gr_send(done, &odd);
}
static void deep(long n) {
    gr_chan *done = gr_make(int, 0);
    int odd;
    go(diver, done, (int)n);
    gr_recv(done, &odd);
    if (odd != (n + 1) / 2) exit(1);
}

static const struct { const char *name; void (*run)(long); long n; } table[] = {
    {"spawn", spawn, 1000000}, {"batch", batch, 1000000}, {"pingpong", pingpong, 1000000},
    {"buffered", buffered, 4000000}, {"buffered4", buffered4, 4000000}, {"ring", ring, 1000000},
    {"sieve", sieve, 500}, {"select3", select3, 1000000}, {"mutex8", mutex8, 8000000},
    {"pool", pool, 1000000}, {"skynet", skynet, 1000000}, {"deep", deep, 1000000},
};

int main(int argc, char **argv) {
    for (size_t i = 0; argc > 1 && i < sizeof table / sizeof table[0]; i++) {
        if (strcmp(table[i].name, argv[1]) != 0) continue;
        long n = argc > 2 ? atol(argv[2]) : table[i].n;
        begin();
        table[i].run(n);
        printf("%.2f\n", (double)(gr_now() - begun) / (double)n);
        return 0;
    }
    return 2;
}
