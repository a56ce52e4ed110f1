/* select_test.c - which of several ready cases a select takes: each equally often. Pearson's test, at a
 * level that chance passes in one of 100,000 runs; and with the seed given, this is always the same run. */
#include <gorace.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST = 12, ROUNDS = 20000 };

typedef struct limit { int cases; double most; } limit;
/* Quantiles 0.99999 of the chi-square distribution with cases - 1 degrees of freedom. */
static const limit limits[] = {{2, 19.51}, {3, 23.03}, {5, 28.47}, {12, 43.21}};

enum way { RECEIVES, SENDS, BOTH, CLOSED, SAME_CHANNEL };
static const char *const names[] = {"receives", "sends", "both", "closed", "the same channel"};

static double deviation(enum way way, int n, bool with_default) {
    gr_chan *channels[MOST];
    int count[MOST] = {0}, value = 0;
    for (int i = 0; i < n; i++) {
        channels[i] = way == SAME_CHANNEL && i ? channels[0] : gr_make(int, 2);
        if (way == CLOSED) gr_close(channels[i]);
        else if (way != SAME_CHANNEL || !i) gr_send(channels[i], &value);   /* ready both ways */
    }
    for (int round = 0; round < ROUNDS; round++) {
        gr_case cases[MOST];
        for (int i = 0; i < n; i++) {
            bool send = way == SENDS || (way == BOTH && i % 2);
            cases[i] = send ? gr_case_send(channels[i], &value) : gr_case_recv(channels[i], &value);
        }
        int chosen = with_default ? gr_select_default(cases, n) : gr_select(cases, n);
        if (chosen < 0 || chosen >= n) abort();
        count[chosen]++;
        if (way == CLOSED) continue;
        if (cases[chosen].dir == GR_SEND) gr_recv(channels[chosen], &value);
        else gr_send(channels[chosen], &value);
    }
    double sum = 0, expected = (double)ROUNDS / n;
    for (int i = 0; i < n; i++) {
        sum += (count[i] - expected) * (count[i] - expected) / expected;
        if (way != SAME_CHANNEL || !i) gr_chan_free(channels[i]);
    }
    return sum;
}

int main(void) {
    int wrong = 0;
    setenv("GORACE_SEED", "1", 1);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        for (int way = RECEIVES; way <= SAME_CHANNEL; way++)
            for (int with_default = 0; with_default < 2; with_default++) {
                double d = deviation((enum way)way, limits[i].cases, with_default);
                bool ok = d < limits[i].most;
                printf("%2d cases, %s%s: chi-square %.2f, less than %.2f: %s\n", limits[i].cases, names[way],
                       with_default ? ", default" : "", d, limits[i].most, ok ? "yes" : "NO");
                wrong += !ok;
            }
    return wrong != 0;
}
