/* tree.c - goroutines that start goroutines, some deep in their stacks, some leaving early from there; a
 * ring that a token goes round; crowds of short lives. */
#include "stress.h"

enum { RING = 24, CROWD = 200 };

/* --- a tree: each sends the number of leaves below it to its parent --- */

static void node(uint64_t seed, uint32_t turn, uint32_t depth, gr_chan *parent);

static uint64_t gather(dice *d, uint64_t seed, uint32_t turn, uint32_t depth) {
    uint32_t children = depth ? between(d, 1, 4) : 0;
    if (!children) return 1;
    gr_chan *answers = gr_make(uint64_t, one_in(d, 2) ? 0 : children);
    for (uint32_t i = 0; i < children; i++) go(node, seed, turn * 5 + i + 1, depth - 1, answers);
    uint64_t sum = 0, leaves;
    for (uint32_t i = 0; i < children; i++) {
        CHECK(gr_recv(answers, &leaves));
        sum += leaves;
    }
    gr_chan_free(answers);
    return sum;
}

/* Answers from the depth of its stack, and may not come back from there. */
static char answer_deep(gr_chan *parent, uint64_t leaves, uint32_t frames, bool leave) {
    volatile char room[200];
    room[0] = (char)frames;
    if (frames) return (char)(answer_deep(parent, leaves, frames - 1, leave) + room[0]);
    gr_send(parent, &leaves);
    if (leave) gr_goexit();
    return room[0];
}

static void node(uint64_t seed, uint32_t turn, uint32_t depth, gr_chan *parent) {
    dice d = dice_of(seed, turn);
    dawdle(&d);
    uint64_t leaves = gather(&d, seed, turn, depth);
    answer_deep(parent, leaves, below(&d, 200), one_in(&d, 2));
}

/* The same without goroutines. */
static uint64_t leaves_of(uint64_t seed, uint32_t turn, uint32_t depth) {
    dice d = dice_of(seed, turn);
    dawdle(&d);
    uint32_t children = depth ? between(&d, 1, 4) : 0;
    if (!children) return 1;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < children; i++) sum += leaves_of(seed, turn * 5 + i + 1, depth - 1);
    return sum;
}

/* --- a ring --- */

static void pass(gr_chan *in, gr_chan *out) {
    for (uint64_t n; gr_recv(in, &n);) {
        n++;
        gr_send(out, &n);
    }
    gr_close(out);
}

static void ring(dice *d) {
    gr_chan *channels[RING + 1];
    uint32_t n = between(d, 1, RING);
    for (uint32_t i = 0; i <= n; i++) channels[i] = gr_make(uint64_t, below(d, 3));
    for (uint32_t i = 0; i < n; i++) go(pass, channels[i], channels[i + 1]);
    for (uint64_t i = 0, got; i < 20 * plenty; i++) {
        gr_send(channels[0], &i);
        CHECK(gr_recv(channels[n], &got) && got == i + n);
    }
    gr_close(channels[0]);
    CHECK(!gr_recv(channels[n], NULL));
    for (uint32_t i = 0; i <= n; i++) gr_chan_free(channels[i]);
}

/* --- a crowd --- */

static void short_life(uint32_t *lived, gr_waitgroup *all) {
    __atomic_add_fetch(lived, 1, __ATOMIC_RELAXED);
    gr_waitgroup_done(all);
}

static void crowd(dice *d) {
    uint32_t lived = 0, n = between(d, 1, CROWD);
    gr_waitgroup all = {0};
    gr_waitgroup_add(&all, (int)n);
    for (uint32_t i = 0; i < n; i++) go(short_life, &lived, &all);
    gr_waitgroup_wait(&all);
    CHECK(lived == n);
}

void tree(uint64_t seed) {
    dice d = dice_of(seed, 1000);
    uint32_t depth = between(&d, 1, 4);
    gr_chan *answer = gr_make(uint64_t, 1);
    uint64_t leaves;
    go(node, seed, 1, depth, answer);
    ring(&d);
    crowd(&d);
    CHECK(gr_recv(answer, &leaves) && leaves == leaves_of(seed, 1, depth));
    gr_chan_free(answer);
}
