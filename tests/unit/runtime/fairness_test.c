/* fairness_test.c - nobody starves while others loop over operations that always succeed, or never do.
 * The loopers go on until a counter, who has to be run a number of times for that, tells them to stop;
 * so a test that ends has passed. */
#include "goroutine_test.h"

#include <unistd.h>

enum { TURNS = 200, PATIENCE = 100 };

static uint32_t over;           /* atomic */
static gr_waitgroup all;

static bool going(void) { return !__atomic_load_n(&over, __ATOMIC_RELAXED); }

/* Each turn needs the scheduler, and the loopers are at it by then. */
static void count(void) {
    for (int i = 0; i < TURNS; i++) gr_gosched();
    __atomic_store_n(&over, 1, __ATOMIC_RELAXED);
    gr_waitgroup_done(&all);
}

/* Two that wake each other are always next. */
static void pass(gr_chan *in, gr_chan *out) {
    for (int v; gr_recv(in, &v) && going();) gr_send(out, &v);
    gr_close(out);
    gr_waitgroup_done(&all);
}
static void ping_pong(void) {
    gr_chan *a = gr_make(int, 1), *b = gr_make(int, 1);
    gr_waitgroup_add(&all, 2);
    gr_send_value(a, int, 1);
    go(pass, a, b);
    go(pass, b, a);
}

static void pass_unbuffered(gr_chan *in, gr_chan *out) {
    int v = 0;
    for (;;) {
        gr_case cases[] = {gr_case_send(out, &v), gr_case_recv(in, &v)};
        if (!going()) break;
        gr_select(cases, 2);
    }
    gr_waitgroup_done(&all);
}
static void selects(void) {
    gr_chan *a = gr_make(int, 1);
    gr_waitgroup_add(&all, 2);
    go(pass_unbuffered, a, a);
    go(pass_unbuffered, a, a);
}

static void empty_channel(void) {
    gr_chan *c = gr_make(int, 1);
    while (going()) EXPECT(gr_try_recv(c, NULL) == GR_EMPTY);
    gr_chan_free(c);
    gr_waitgroup_done(&all);
}
static void closed_channel(void) {
    gr_chan *c = gr_make(int, 1);
    gr_close(c);
    while (going()) EXPECT(!gr_recv(c, NULL));
    gr_chan_free(c);
    gr_waitgroup_done(&all);
}
static void full_channel(void) {
    gr_chan *c = gr_make(int, 1);
    int v = 0;
    gr_send(c, &v);
    while (going()) EXPECT(!gr_try_send(c, &v));
    gr_chan_free(c);
    gr_waitgroup_done(&all);
}
static void default_case(void) {
    gr_chan *c = gr_make(int, 0);
    gr_case cases[] = {gr_case_recv(c, NULL)};
    while (going()) EXPECT(gr_select_default(cases, 1) == -1);
    gr_chan_free(c);
    gr_waitgroup_done(&all);
}

/* Fills and empties a buffer of its own: every operation succeeds, and wakes nobody. */
static void own_buffer(void) {
    gr_chan *c = gr_make(int, 4);
    for (int i = 0; going(); i++) {
        gr_send(c, &i);
        gr_recv(c, NULL);
    }
    gr_chan_free(c);
    gr_waitgroup_done(&all);
}

static gr_mutex mutex;
static void lock_and_unlock(void) {
    while (going()) {
        gr_mutex_lock(&mutex);
        gr_mutex_unlock(&mutex);
    }
    gr_waitgroup_done(&all);
}

static void among(void (*looper)(void)) {
    __atomic_store_n(&over, 0, __ATOMIC_RELAXED);
    int n = gr_gomaxprocs(0);
    gr_waitgroup_add(&all, 2 * n + 1);
    for (int i = 0; i < 2 * n; i++) gr_go((void (*)(void *))(uintptr_t)looper, NULL);
    go(count);
    gr_waitgroup_wait(&all);
}

static void test_among_ping_pong(void **state) {
    (void)state;
    __atomic_store_n(&over, 0, __ATOMIC_RELAXED);
    gr_waitgroup_add(&all, 1);
    ping_pong();
    go(count);
    gr_waitgroup_wait(&all);
}
static void test_among_selects(void **state) {
    (void)state;
    __atomic_store_n(&over, 0, __ATOMIC_RELAXED);
    gr_waitgroup_add(&all, 1);
    selects();
    go(count);
    gr_waitgroup_wait(&all);
}
static void test_among_receives_that_fail(void **state) { (void)state; among(empty_channel); }
static void test_among_sends_that_fail(void **state) { (void)state; among(full_channel); }
static void test_among_ends_of_a_channel(void **state) { (void)state; among(closed_channel); }
static void test_among_default_cases(void **state) { (void)state; among(default_case); }
static void test_among_operations_that_succeed(void **state) { (void)state; among(own_buffer); }
static void test_among_lockers(void **state) { (void)state; among(lock_and_unlock); }

static int all_tests(void) {
    alarm(PATIENCE);
    const struct CMUnitTest tests[] = {
        TEST(test_among_ping_pong), TEST(test_among_selects), TEST(test_among_receives_that_fail),
        TEST(test_among_sends_that_fail), TEST(test_among_ends_of_a_channel), TEST(test_among_default_cases),
        TEST(test_among_operations_that_succeed), TEST(test_among_lockers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
