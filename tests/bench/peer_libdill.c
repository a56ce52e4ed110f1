/* peer_libdill.c - the workloads of runtime.c that libdill (one thread) has too, of the same names:
 * `peer_libdill NAME` prints ns per operation. */
#include <libdill.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static double clock_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static long ran;

static coroutine void nothing(void) { ran++; }

/* A bundle is libdill's wait group. A coroutine runs before the call that starts it returns, so that
 * one stack serves all. */
static void batch(long n) {
    for (long done = 0; done < n; done += 1000) {
        int all = bundle();
        for (int i = 0; i < 1000; i++) bundle_go(all, nothing());
        bundle_wait(all, -1);
        hclose(all);
    }
}

static coroutine void pass_on(int from, int to) {
    for (int v; chrecv(from, &v, sizeof v, -1) == 0;) chsend(to, &v, sizeof v, -1);
    chdone(to);
}

/* The same, each waited for by its own handle. */
static void handles(long n) {
    static int h[1000];
    for (long done = 0; done < n; done += 1000) {
        for (int i = 0; i < 1000; i++) h[i] = go(nothing());
        for (int i = 0; i < 1000; i++) hclose(h[i]);
    }
}

/* Two channels, one for each way: a channel here is a pair of ends. */
static void pingpong(long n) {
    int there[2], back[2];
    if (chmake(there) || chmake(back)) return;
    int other = go(pass_on(there[1], back[0]));
    for (int i = 0, v; i < n; i++) {
        chsend(there[0], &i, sizeof i, -1);
        if (chrecv(back[1], &v, sizeof v, -1) || v != i) return;
        ran++;
    }
    chdone(there[0]);
    hclose(other);
}

static const struct { const char *name; void (*run)(long); long n; } table[] = {
    {"batch", batch, 1000000}, {"handles", handles, 1000000}, {"pingpong", pingpong, 1000000},
};

int main(int argc, char **argv) {
    for (size_t i = 0; argc > 1 && i < sizeof table / sizeof table[0]; i++) {
        if (strcmp(table[i].name, argv[1]) != 0) continue;
        double begun = clock_ns();
        table[i].run(table[i].n);
        printf("%.2f\n", (clock_ns() - begun) / (double)table[i].n);
        return ran != table[i].n;
    }
    return 2;
}
