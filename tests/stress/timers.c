/* timers.c - nothing is early; a stopped timer stays silent; a function runs as often as it was armed,
 * less the times it was disarmed, whoever does that at the same time. */
#include "stress.h"

enum { USERS = 4 };

typedef struct clockwork {
    uint64_t seed;
    gr_waitgroup all;
} clockwork;

static gr_duration moment(dice *d) { return between(d, 0, 3000) * GR_MICROSECOND; }

static void sleepers(dice *d) {
    for (uint32_t i = between(d, 1, 4); i > 0; i--) {
        gr_duration span = moment(d), begin = gr_now();
        gr_sleep(span);
        CHECK(gr_now() - begin >= span);
    }
}

static void waiters(dice *d) {
    gr_chan *silent = gr_make(int, 0);
    for (uint32_t i = between(d, 1, 4); i > 0; i--) {
        gr_duration span = moment(d), begin = gr_now(), fired = 0;
        gr_chan *late = gr_after(span);
        if (one_in(d, 2)) {
            CHECK(gr_recv(late, &fired));
        } else {
            gr_case cases[] = {gr_case_recv(silent, NULL), gr_case_recv(late, &fired)};
            CHECK(gr_select(cases, 2) == 1 && cases[1].ok);
        }
        CHECK(fired >= begin + span && fired <= gr_now());
        gr_chan_free(late);
    }
    gr_chan_free(gr_after(GR_HOUR));
    gr_chan_free(silent);
}

static void one_timer(dice *d) {
    gr_duration span = moment(d), since = gr_now(), fired;
    gr_timer *t = gr_timer_new(span);
    gr_chan *c = gr_timer_chan(t);
    for (uint32_t i = between(d, 0, 8); i > 0; i--) {
        dawdle(d);
        switch (below(d, 3)) {
        case 0:
            gr_timer_stop(t);
            CHECK(gr_try_recv(c, &fired) == GR_EMPTY && !gr_timer_stop(t));
            break;
        case 1:
            span = moment(d);
            since = gr_now();
            gr_timer_reset(t, span);
            break;
        default:
            if (gr_try_recv(c, &fired) == GR_RECEIVED)
                CHECK(fired >= since + span && !gr_timer_stop(t));
        }
    }
    span = moment(d);
    since = gr_now();
    gr_timer_reset(t, span);
    CHECK(gr_recv(c, &fired) && fired >= since + span);
    gr_timer_free(t);
}

static void tick(dice *d) {
    gr_ticker *t = gr_ticker_new(between(d, 20, 800) * GR_MICROSECOND);
    gr_duration last = 0, now;
    for (uint32_t i = between(d, 1, 6); i > 0; i--) {
        CHECK(gr_recv(gr_ticker_chan(t), &now) && now > last);
        last = now;
    }
    gr_ticker_stop(t);
    CHECK(gr_try_recv(gr_ticker_chan(t), &now) == GR_EMPTY);
    gr_ticker_free(t);
}

/* --- a function that several arm and disarm --- */

typedef struct bell {
    gr_timer *timer;
    int64_t armed, rung;        /* atomic: armed less disarmed; how often it ran */
    gr_waitgroup users;
} bell;

static void ring(void *argument) {
    bell *b = argument;
    __atomic_add_fetch(&b->rung, 1, __ATOMIC_RELEASE);  /* the last time it touches the bell */
}

static void change(bell *b, uint64_t seed, uint32_t me) {
    dice d = dice_of(seed, me);
    for (uint32_t i = between(&d, 1, 12); i > 0; i--) {
        int64_t by = 0;
        if (one_in(&d, 3)) by -= gr_timer_stop(b->timer);
        else by += 1 - gr_timer_reset(b->timer, moment(&d));
        __atomic_add_fetch(&b->armed, by, __ATOMIC_RELAXED);
        dawdle(&d);
    }
    gr_waitgroup_done(&b->users);
}

static void bells(dice *d, uint64_t seed) {
    bell b = {.armed = 1};
    b.timer = gr_after_func(moment(d), ring, &b);
    uint32_t users = one_in(d, 2) ? 1 : between(d, 2, USERS);
    gr_waitgroup_add(&b.users, (int)users);
    for (uint32_t i = 0; i < users; i++) go(change, &b, seed, i);
    gr_waitgroup_wait(&b.users);
    if (one_in(d, 2)) b.armed -= gr_timer_stop(b.timer);
    while (__atomic_load_n(&b.rung, __ATOMIC_ACQUIRE) < b.armed) gr_sleep(100 * GR_MICROSECOND);
    gr_timer_free(b.timer);
    CHECK(__atomic_load_n(&b.rung, __ATOMIC_ACQUIRE) == b.armed);
}

static void user(clockwork *w, uint32_t me) {
    dice d = dice_of(w->seed, me);
    for (uint32_t i = between(&d, 1, 2 * plenty); i > 0; i--) {
        switch (below(&d, 5)) {
        case 0: sleepers(&d); break;
        case 1: waiters(&d); break;
        case 2: one_timer(&d); break;
        case 3: tick(&d); break;
        default: bells(&d, w->seed + 100 * me + i);
        }
    }
    gr_waitgroup_done(&w->all);
}

void timers(uint64_t seed) {
    dice d = dice_of(seed, 1000);
    clockwork w = {.seed = seed};
    uint32_t users = between(&d, 1, 10);
    gr_waitgroup_add(&w.all, (int)users);
    for (uint32_t i = 0; i < users; i++) go(user, &w, i);
    gr_waitgroup_wait(&w.all);
}
