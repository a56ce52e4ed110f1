/* many.c - workloads whose size is the number of goroutines; many.go is its twin. `many NAME COUNT`
 * prints what the table says of each, for COUNT goroutines. Built with libgorace. */
#include <gorace.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPERATIONS = 1000000 };  /* at least so many are timed, or those of one round of all */

static gr_waitgroup there, gone;

static double since(gr_duration begun, long operations) {
    return (double)(gr_now() - begun) / (double)operations;
}

static long rounds(long n) { return n < OPERATIONS ? OPERATIONS / n : 1; }

static void stay(gr_chan *stop) {
    gr_waitgroup_done(&there);
    gr_recv(stop, NULL);
    gr_waitgroup_done(&gone);
}

static gr_chan *park(long n) {
    gr_chan *stop = gr_make(int, 0);
    gr_waitgroup_add(&there, (int)n);
    gr_waitgroup_add(&gone, (int)n);
    for (long i = 0; i < n; i++) go(stay, stop);
    gr_waitgroup_wait(&there);
    return stop;
}

static void release(gr_chan *stop) {
    gr_close(stop);
    gr_waitgroup_wait(&gone);
    gr_chan_free(stop);
}

/* All start, wait on one channel, and are let go. */
static void wave(long n) {
    gr_duration begun = gr_now();
    for (long i = 0; i < rounds(n); i++) release(park(n));
    printf("%.2f\n", since(begun, n * rounds(n)));
}

static void pass_on(gr_chan *from, gr_chan *to) {
    for (int v; gr_recv(from, &v);) gr_send(to, &v);
    gr_close(to);
}

/* A round trip over two channels while the others wait. */
static void beside(long n) {
    gr_chan *stop = park(n), *out = gr_make(int, 0), *back = gr_make(int, 0);
    go(pass_on, out, back);
    gr_duration begun = gr_now();
    for (int i = 0, v; i < OPERATIONS; i++) {
        gr_send(out, &i);
        gr_recv(back, &v);
    }
    printf("%.2f\n", since(begun, OPERATIONS));
    gr_close(out);
    release(stop);
}

/* Per hop; the first lap, in which the members begin to run, is not timed. */
static void ring(long n) {
    gr_chan *first = gr_make(int, 0), *last = first;
    for (long i = 0; i < n; i++) {
        gr_chan *next = gr_make(int, 0);
        go(pass_on, last, next);
        last = next;
    }
    gr_send_value(first, int, 0);
    gr_recv(last, NULL);
    gr_duration begun = gr_now();
    for (int i = 0, v; i < rounds(n); i++) {
        gr_send(first, &i);
        gr_recv(last, &v);
    }
    printf("%.2f\n", since(begun, n * rounds(n)));
}

static double status(const char *field) {
    char line[256];
    long kilobytes = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, field, strlen(field)) == 0) kilobytes = atol(line + strlen(field));
    if (f) fclose(f);
    return 1024.0 * (double)kilobytes;
}

/* VmRSS and VmPTE of each that waits, in bytes. */
static void parked(long n) {
    double resident = status("VmRSS:"), tables = status("VmPTE:");
    gr_chan *stop = park(n);
    resident = status("VmRSS:") - resident;
    tables = status("VmPTE:") - tables;
    printf("%.0f %.0f\n", resident / (double)n, tables / (double)n);
    release(stop);
}

/* How many wait there already: a line now and then, for who runs out of something on the way. */
static void fill(long n) {
    gr_chan *stop = gr_make(int, 0);
    gr_waitgroup_add(&there, (int)n);
    gr_waitgroup_add(&gone, (int)n);
    for (long i = 1; i <= n; i++) {
        go(stay, stop);
        if (i % 100 == 0) dprintf(1, "%ld\n", i);
    }
    gr_waitgroup_wait(&there);
    release(stop);
}

static const struct { const char *name; void (*run)(long); } table[] = {
    {"wave", wave}, {"beside", beside}, {"ring", ring}, {"parked", parked}, {"fill", fill},
};

int main(int argc, char **argv) {
    for (size_t i = 0; argc == 3 && i < sizeof table / sizeof table[0]; i++) {
        if (strcmp(table[i].name, argv[1]) != 0) continue;
        table[i].run(atol(argv[2]));
        return 0;
    }
    return 2;
}
