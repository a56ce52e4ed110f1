/* timer_test.c - sleeping, timers, tickers. Only lower bounds of times are tested. */
#include "goroutine_test.h"

#define SOON (2 * GR_MILLISECOND)
#define NEVER GR_HOUR

static void test_sleep_lasts(void **state) {
    (void)state;
    gr_duration begin = gr_now();
    gr_sleep(SOON);
    assert_true(gr_now() - begin >= SOON);
    gr_sleep(-1);
}

static void test_after_fires_once_with_the_time(void **state) {
    (void)state;
    gr_duration begin = gr_now(), fired = 0;
    gr_chan *c = gr_after(SOON);
    assert_true(gr_recv(c, &fired));
    assert_true(fired - begin >= SOON);
    assert_int_equal(gr_try_recv(c, NULL), GR_EMPTY);
    gr_chan_free(c);
    gr_chan_free(gr_after(NEVER)); /* it is taken back */
}

static void test_stop_and_reset(void **state) {
    (void)state;
    gr_timer *t = gr_timer_new(NEVER);
    assert_true(gr_timer_stop(t));
    assert_false(gr_timer_stop(t));
    assert_false(gr_timer_reset(t, SOON));
    assert_true(gr_recv(gr_timer_chan(t), NULL));
    assert_false(gr_timer_reset(t, NEVER));
    assert_true(gr_timer_reset(t, 0));
    assert_true(gr_recv(gr_timer_chan(t), NULL));
    gr_timer_free(t);
}

/* A value of the earlier setting is not left behind. */
static void test_reset_leaves_nothing_stale(void **state) {
    (void)state;
    gr_timer *t = gr_timer_new(0);
    while (gr_len(gr_timer_chan(t)) == 0) gr_sleep(GR_MICROSECOND);
    assert_false(gr_timer_reset(t, NEVER));
    assert_int_equal(gr_try_recv(gr_timer_chan(t), NULL), GR_EMPTY);
    gr_timer_free(t);
}

static gr_chan *called;
static void call(void *argument) { gr_send(called, &argument); }
static void test_after_func_runs_in_a_goroutine(void **state) {
    (void)state;
    void *got = NULL;
    called = gr_make(void *, 0);
    gr_timer *t = gr_after_func(0, call, &called);
    assert_true(gr_recv(called, &got) && got == &called);
    assert_null(gr_timer_chan(t));
    gr_timer_free(t);
    t = gr_after_func(NEVER, call, NULL);
    assert_true(gr_timer_stop(t));
    assert_false(gr_timer_reset(t, 0));
    assert_true(gr_recv(called, &got) && got == NULL);
    gr_timer_free(t);
    gr_chan_free(called);
}

static void test_ticker_ticks_and_drops(void **state) {
    (void)state;
    gr_ticker *t = gr_ticker_new(GR_MILLISECOND);
    gr_duration last = 0, tick;
    for (int i = 0; i < 5; i++) {
        assert_true(gr_recv(gr_ticker_chan(t), &tick) && tick > last);
        last = tick;
    }
    gr_sleep(10 * GR_MILLISECOND);
    assert_true(gr_len(gr_ticker_chan(t)) <= 1);
    gr_ticker_stop(t);
    gr_ticker_free(t);
}

static void sleeper(gr_chan *c, int ms) {
    gr_sleep(ms * GR_MILLISECOND);
    gr_send(c, &ms);
}
static void test_sleepers_all_wake(void **state) {
    (void)state;
    gr_chan *c = gr_make(int, 0);
    int sum = 0, ms;
    for (int i = 0; i < 200; i++) go(sleeper, c, i * 37 % 11);
    for (int i = 0; i < 200; i++) {
        gr_recv(c, &ms);
        sum += ms;
    }
    int wanted = 0;
    for (int i = 0; i < 200; i++) wanted += i * 37 % 11;
    assert_int_equal(sum, wanted);
    gr_chan_free(c);
}

static int all_tests(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_sleep_lasts), TEST(test_after_fires_once_with_the_time), TEST(test_stop_and_reset),
        TEST(test_reset_leaves_nothing_stale), TEST(test_after_func_runs_in_a_goroutine),
        TEST(test_ticker_ticks_and_drops), TEST(test_sleepers_all_wake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
