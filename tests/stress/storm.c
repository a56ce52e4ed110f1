/* storm.c - goroutines that select in both directions on a few shared channels, the same channel in
 * several cases of one select. What was sent was received, or lies in a buffer at the end. A supplier
 * and a consumer see to it that every select with a channel comes to something. */
#include "stress.h"

enum { CHANNELS = 5, PLAYERS = 12, CASES = 12 };

typedef struct arena {
    gr_chan *channels[CHANNELS], *over;
    uint32_t count;
    uint64_t sent, sent_sum, received, received_sum;    /* atomic */
    gr_waitgroup players, helpers;
} arena;

static void add(uint64_t *counter, uint64_t n) { __atomic_add_fetch(counter, n, __ATOMIC_RELAXED); }

static void note(arena *a, const gr_case *c, uint64_t value) {
    if (c->dir == GR_SEND) {
        add(&a->sent, 1);
        add(&a->sent_sum, value);
    } else {
        CHECK(c->ok);
        add(&a->received, 1);
        add(&a->received_sum, value);
    }
}

static void player(arena *a, uint64_t seed, uint32_t me) {
    dice d = dice_of(seed, me);
    uint32_t rounds = between(&d, 10, 60 * plenty);
    for (uint32_t r = 0; r < rounds; r++) {
        gr_case cases[CASES];
        uint64_t values[CASES];
        int n = (int)between(&d, 1, one_in(&d, 4) ? CASES : 4);
        bool any = false;
        for (int i = 0; i < n; i++) {
            gr_chan *c = one_in(&d, 6) ? NULL : a->channels[below(&d, a->count)];
            any = any || c;
            values[i] = below(&d, 1 << 30);
            cases[i] = one_in(&d, 2) ? gr_case_send(c, &values[i]) : gr_case_recv(c, &values[i]);
        }
        int chosen = any && !one_in(&d, 3) ? gr_select(cases, n) : gr_select_default(cases, n);
        if (chosen >= 0) note(a, &cases[chosen], values[chosen]);
        dawdle(&d);
    }
    gr_waitgroup_done(&a->players);
}

static void helper(arena *a, uint64_t seed, bool supplies) {
    dice d = dice_of(seed, 50 + supplies);
    for (;;) {
        gr_case cases[CHANNELS + 1];
        uint64_t value = below(&d, 1 << 30);
        for (uint32_t i = 0; i < a->count; i++)
            cases[i] = supplies ? gr_case_send(a->channels[i], &value) : gr_case_recv(a->channels[i], &value);
        cases[a->count] = gr_case_recv(a->over, NULL);
        int chosen = gr_select(cases, (int)a->count + 1);
        if (chosen == (int)a->count) break;
        note(a, &cases[chosen], value);
        dawdle(&d);
    }
    gr_waitgroup_done(&a->helpers);
}

void storm(uint64_t seed) {
    dice d = dice_of(seed, 1000);
    arena a = {.count = between(&d, 1, CHANNELS), .over = gr_make(char, 0)};
    for (uint32_t i = 0; i < a.count; i++)
        a.channels[i] = gr_make(uint64_t, one_in(&d, 2) ? 0 : between(&d, 1, 5));
    uint32_t players = between(&d, 2, PLAYERS);
    gr_waitgroup_add(&a.players, (int)players);
    gr_waitgroup_add(&a.helpers, 2);
    for (uint32_t i = 0; i < players; i++) go(player, &a, seed, i);
    go(helper, &a, seed, true);
    go(helper, &a, seed, false);
    gr_waitgroup_wait(&a.players);
    gr_close(a.over);
    gr_waitgroup_wait(&a.helpers);
    for (uint32_t i = 0; i < a.count; i++) {
        uint64_t value;
        while (gr_try_recv(a.channels[i], &value) == GR_RECEIVED) {
            a.received++;
            a.received_sum += value;
        }
        CHECK(gr_len(a.channels[i]) == 0);
        gr_chan_free(a.channels[i]);
    }
    gr_chan_free(a.over);
    CHECK(a.sent == a.received && a.sent_sum == a.received_sum);
}
