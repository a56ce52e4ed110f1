/* channel_test.c - channels and select, kind by kind. */
#include "goroutine_test.h"

#include <string.h>

static void send_number(gr_chan *c, int v) { gr_send(c, &v); }

static void test_unbuffered_hands_over(void **state) {
    (void)state;
    gr_chan *c = gr_make(int, 0);
    int v = 0;
    assert_int_equal(gr_cap(c), 0);
    for (int i = 0; i < 100; i++) {
        go(send_number, c, i);
        assert_true(gr_recv(c, &v));
        assert_int_equal(v, i);
        assert_int_equal(gr_len(c), 0);
    }
    gr_chan_free(c);
}

static void test_buffered_keeps_order_and_counts(void **state) {
    (void)state;
    gr_chan *c = gr_make(long, 3);
    for (long round = 0; round < 10; round++) {
        for (long i = 0; i < 3; i++) {
            gr_send(c, &i);
            assert_int_equal(gr_len(c), i + 1);
        }
        assert_false(gr_try_send(c, &round));
        for (long i = 0, v; i < 3; i++) {
            assert_true(gr_recv(c, &v));
            assert_int_equal(v, i);
        }
    }
    assert_int_equal(gr_cap(c), 3);
    gr_chan_free(c);
}

static void test_closed_is_drained_then_zero(void **state) {
    (void)state;
    gr_chan *c = gr_make(int, 2);
    int v = 7;
    gr_send_value(c, int, 1);
    gr_send_value(c, int, 2);
    gr_close(c);
    assert_true(gr_recv(c, &v) && v == 1);
    assert_int_equal(gr_try_recv(c, &v), GR_RECEIVED);
    assert_int_equal(v, 2);
    v = 7;
    assert_false(gr_recv(c, &v));
    assert_int_equal(v, 0);
    assert_int_equal(gr_try_recv(c, &v), GR_CLOSED);
    gr_chan_free(c);
}

static void wait_for_end(gr_chan *c, gr_chan *done) {
    int v = 5;
    EXPECT(!gr_recv(c, &v) && v == 0);
    gr_send_value(done, int, 1);
}
static void test_close_wakes_all_receivers(void **state) {
    (void)state;
    gr_chan *c = gr_make(int, 0), *done = gr_make(int, 0);
    for (int i = 0; i < 20; i++) go(wait_for_end, c, done);
    for (int i = 0; i < 50; i++) gr_gosched();
    gr_close(c);
    for (int i = 0; i < 20; i++) assert_true(gr_recv(done, NULL));
    gr_chan_free(c);
    gr_chan_free(done);
}

static void test_nil_is_never_ready(void **state) {
    (void)state;
    int v = 1;
    assert_false(gr_try_send(NULL, &v));
    assert_int_equal(gr_try_recv(NULL, &v), GR_EMPTY);
    assert_int_equal(gr_len(NULL), 0);
    assert_int_equal(gr_cap(NULL), 0);
    gr_case cases[] = {gr_case_recv(NULL, &v), gr_case_send(NULL, &v)};
    assert_int_equal(gr_select_default(cases, 2), -1);
}

struct large { char bytes[1000]; };
static void send_large(gr_chan *c) {
    struct large l;
    memset(l.bytes, 'x', sizeof l.bytes);
    gr_send(c, &l);
}
static void test_elements_of_any_size(void **state) {
    (void)state;
    gr_chan *large = gr_make(struct large, 0), *empty = gr_chan_make(0, 1), *odd = gr_chan_make(3, 2);
    struct large l;
    go(send_large, large);
    assert_true(gr_recv(large, &l) && l.bytes[0] == 'x' && l.bytes[999] == 'x');
    gr_send(empty, &l);
    assert_int_equal(gr_len(empty), 1);
    assert_true(gr_recv(empty, NULL));
    char text[4] = "abc";
    gr_send(odd, "one");
    gr_send(odd, "two");
    assert_true(gr_recv(odd, text) && gr_recv(odd, text));
    assert_string_equal(text, "two");
    gr_chan_free(large);
    gr_chan_free(empty);
    gr_chan_free(odd);
}

static void test_select_takes_what_is_ready(void **state) {
    (void)state;
    gr_chan *a = gr_make(int, 1), *b = gr_make(int, 1);
    int v = 3, w = 0;
    gr_case cases[] = {gr_case_recv(a, &w), gr_case_send(b, &v), gr_case_recv(NULL, NULL)};
    assert_int_equal(gr_select(cases, 3), 1);
    assert_int_equal(gr_select_default(cases, 3), -1);
    gr_send(a, &v);
    assert_int_equal(gr_select(cases, 3), 0);
    assert_true(cases[0].ok && w == 3);
    gr_close(a);
    assert_int_equal(gr_select(cases, 3), 0);
    assert_true(!cases[0].ok && w == 0);
    gr_chan_free(a);
    gr_chan_free(b);
}

/* Four ready cases, 40,000 times: each within 5 standard deviations of a quarter. */
static void test_select_is_uniform(void **state) {
    (void)state;
    enum { CASES = 4, ROUNDS = 40000 };
    gr_chan *c[CASES];
    gr_case cases[CASES];
    int seen[CASES] = {0};
    for (int i = 0; i < CASES; i++) {
        c[i] = gr_make(int, 0);
        gr_close(c[i]);
        cases[i] = gr_case_recv(c[i], NULL);
    }
    for (int i = 0; i < ROUNDS; i++) seen[gr_select(cases, CASES)]++;
    for (int i = 0; i < CASES; i++) {
        assert_in_range(seen[i], ROUNDS / CASES - 435, ROUNDS / CASES + 435);
        gr_chan_free(c[i]);
    }
}

/* Two selects that offer to send and to receive at once meet each other, never themselves. */
static void both_ways(gr_chan *c, int number, gr_chan *results) {
    int got = -1;
    gr_case cases[] = {gr_case_send(c, &number), gr_case_recv(c, &got)};
    int chosen = gr_select(cases, 2);
    EXPECT(chosen == 0 || (chosen == 1 && got >= 0 && got != number));
    gr_send(results, &chosen);
}
static void test_select_on_one_channel_both_ways(void **state) {
    (void)state;
    gr_chan *c = gr_make(int, 0), *results = gr_make(int, 0);
    for (int round = 0; round < 200; round++) {
        int first, second;
        go(both_ways, c, 1, results);
        go(both_ways, c, 2, results);
        assert_true(gr_recv(results, &first) && gr_recv(results, &second));
        assert_int_equal(first + second, 1);
    }
    gr_chan_free(c);
    gr_chan_free(results);
}

static int all_tests(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_unbuffered_hands_over), TEST(test_buffered_keeps_order_and_counts),
        TEST(test_closed_is_drained_then_zero), TEST(test_close_wakes_all_receivers),
        TEST(test_nil_is_never_ready), TEST(test_elements_of_any_size),
        TEST(test_select_takes_what_is_ready), TEST(test_select_is_uniform),
        TEST(test_select_on_one_channel_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
