/* contexts.c - a tree of contexts that ends from many sides: by calls, by time, by the end of a parent. Who
 * waits for one of them goes on, never early, and finds its parents' ends passed down. */
#include "stress.h"

enum { NODES = 12, WAITERS = 3, CANCELLERS = 3 };

typedef struct forest {
    uint64_t seed;
    uint32_t count;
    gr_context *nodes[NODES];   /* the first is the root */
    uint32_t parents[NODES];
    gr_duration due[NODES];     /* of itself and those above it: the earliest */
    gr_waitgroup waiters, cancellers;
} forest;

static void check_ended(const forest *f, uint32_t i) {
    gr_context_status status = gr_context_err(f->nodes[i]);
    CHECK(status != GR_CONTEXT_OK);
    CHECK(status != GR_CONTEXT_DEADLINE_EXCEEDED || gr_now() >= f->due[i]);
    CHECK(gr_try_recv(gr_context_done(f->nodes[i]), NULL) == GR_CLOSED);
}

static void wait_for(forest *f, uint32_t i, uint32_t me) {
    dice d = dice_of(f->seed, 100 * i + me);
    gr_chan *done = gr_context_done(f->nodes[i]), *silent = gr_make(int, 0);
    dawdle(&d);
    if (one_in(&d, 2)) {
        CHECK(!gr_recv(done, NULL));
    } else {
        gr_case cases[] = {gr_case_recv(silent, NULL), gr_case_recv(done, NULL)};
        CHECK(gr_select(cases, 2) == 1 && !cases[1].ok);
    }
    check_ended(f, i);
    gr_chan_free(silent);
    gr_waitgroup_done(&f->waiters);
}

static void cancel_some(forest *f, uint32_t me) {
    dice d = dice_of(f->seed, 5000 + me);
    for (uint32_t n = between(&d, 0, 4); n > 0; n--) {
        uint32_t i = below(&d, f->count);
        dawdle(&d);
        if (one_in(&d, 3)) gr_sleep(between(&d, 0, 1000) * GR_MICROSECOND);
        gr_context_cancel(f->nodes[i]);
        check_ended(f, i);
        /* A child made of one that has ended has ended. */
        gr_context *child = one_in(&d, 2) ? gr_with_cancel(f->nodes[i]) : gr_with_timeout(f->nodes[i], GR_HOUR);
        CHECK(gr_context_err(child) == gr_context_err(f->nodes[i]));
        gr_context_free(child);
    }
    gr_waitgroup_done(&f->cancellers);
}

void contexts(uint64_t seed) {
    dice d = dice_of(seed, 1000);
    forest f = {.seed = seed, .count = between(&d, 1, NODES)};
    for (uint32_t i = 0; i < f.count; i++) {
        f.parents[i] = i ? below(&d, i) : 0;
        gr_context *parent = i ? f.nodes[f.parents[i]] : gr_background();
        f.due[i] = i ? f.due[f.parents[i]] : INT64_MAX;
        if (one_in(&d, 2)) {
            f.nodes[i] = gr_with_cancel(parent);
        } else {
            gr_duration span = one_in(&d, 4) ? GR_HOUR : between(&d, 0, 3000) * GR_MICROSECOND;
            gr_duration due = gr_now() + span;
            if (due < f.due[i]) f.due[i] = due;
            f.nodes[i] = gr_with_timeout(parent, span);
        }
    }
    uint32_t waiters[NODES], all = 0, cancellers = between(&d, 0, CANCELLERS);
    for (uint32_t i = 0; i < f.count; i++) all += waiters[i] = between(&d, 0, WAITERS);
    gr_waitgroup_add(&f.waiters, (int)all);
    gr_waitgroup_add(&f.cancellers, (int)cancellers);
    for (uint32_t i = 0; i < f.count; i++)
        for (uint32_t k = 0; k < waiters[i]; k++) go(wait_for, &f, i, k);
    for (uint32_t i = 0; i < cancellers; i++) go(cancel_some, &f, i);
    if (one_in(&d, 2)) gr_sleep(between(&d, 0, 3000) * GR_MICROSECOND);
    gr_context_cancel(f.nodes[0]);
    for (uint32_t i = 0; i < f.count; i++) check_ended(&f, i);
    gr_waitgroup_wait(&f.waiters);
    gr_waitgroup_wait(&f.cancellers);
    for (uint32_t i = f.count; i-- > 0;) gr_context_free(f.nodes[i]);
}
