/* context_test.c - contexts: what ends what, with which status, and when they are freed. */
#include "goroutine_test.h"

#define SOON GR_MILLISECOND
#define NEVER GR_HOUR

static bool has_ended(gr_context *c, gr_context_status status) {
    return gr_try_recv(gr_context_done(c), NULL) == GR_CLOSED && gr_context_err(c) == status;
}
static bool lives(gr_context *c) {
    return gr_try_recv(gr_context_done(c), NULL) == GR_EMPTY && gr_context_err(c) == GR_CONTEXT_OK;
}

static void test_background_never_ends(void **state) {
    (void)state;
    gr_context *b = gr_background();
    gr_duration when;
    assert_ptr_equal(b, gr_background());
    gr_context_cancel(b);
    gr_context_free(b);
    gr_context_free(NULL);
    assert_null(gr_context_done(b));
    assert_int_equal(gr_context_err(b), GR_CONTEXT_OK);
    assert_false(gr_context_deadline(b, &when));
}

static void test_cancel_goes_down_and_not_up(void **state) {
    (void)state;
    gr_context *top = gr_with_cancel(gr_background()), *middle = gr_with_cancel(top),
               *low = gr_with_timeout(middle, NEVER), *beside = gr_with_cancel(top);
    assert_true(lives(top) && lives(middle) && lives(low) && lives(beside));
    gr_context_cancel(middle);
    assert_true(lives(top) && lives(beside));
    assert_true(has_ended(middle, GR_CONTEXT_CANCELED) && has_ended(low, GR_CONTEXT_CANCELED));
    gr_context_cancel(middle);
    gr_context_cancel(top);
    gr_context_cancel(low);
    assert_true(has_ended(top, GR_CONTEXT_CANCELED) && has_ended(beside, GR_CONTEXT_CANCELED));
    gr_context_free(beside);
    gr_context_free(low);
    gr_context_free(middle);
    gr_context_free(top);
}

static void test_child_of_an_ended_one(void **state) {
    (void)state;
    gr_context *top = gr_with_cancel(gr_background());
    gr_context_cancel(top);
    gr_context *a = gr_with_cancel(top), *b = gr_with_timeout(top, NEVER), *c = gr_with_timeout(top, 0);
    assert_true(has_ended(a, GR_CONTEXT_CANCELED) && has_ended(b, GR_CONTEXT_CANCELED));
    assert_true(has_ended(c, GR_CONTEXT_CANCELED));
    gr_context_free(a);
    gr_context_free(b);
    gr_context_free(c);
    gr_context_free(top);
}

static void test_no_time_is_over_at_once(void **state) {
    (void)state;
    gr_context *top = gr_with_timeout(gr_background(), NEVER);
    gr_context *a = gr_with_timeout(top, 0), *b = gr_with_timeout(a, -5), *c = gr_with_deadline(top, gr_now()),
               *d = gr_with_deadline(top, -1);
    assert_true(has_ended(a, GR_CONTEXT_DEADLINE_EXCEEDED) && has_ended(b, GR_CONTEXT_DEADLINE_EXCEEDED));
    assert_true(has_ended(c, GR_CONTEXT_DEADLINE_EXCEEDED) && has_ended(d, GR_CONTEXT_DEADLINE_EXCEEDED));
    gr_context_cancel(a);
    assert_int_equal(gr_context_err(a), GR_CONTEXT_DEADLINE_EXCEEDED);
    assert_true(lives(top));
    gr_context_free(b);
    gr_context_free(a);
    gr_context_free(c);
    gr_context_free(d);
    gr_context_free(top);
}

static void test_time_ends_it_and_what_is_below(void **state) {
    (void)state;
    gr_duration begin = gr_now(), when;
    gr_context *top = gr_with_timeout(gr_background(), SOON);
    gr_context *later = gr_with_timeout(top, NEVER), *low = gr_with_cancel(later);
    assert_true(gr_context_deadline(top, &when) && when >= begin + SOON);
    gr_duration inherited;
    assert_true(gr_context_deadline(low, &inherited) && inherited == when);
    assert_false(gr_recv(gr_context_done(low), NULL));
    assert_true(gr_now() >= when);
    assert_int_equal(gr_context_err(low), GR_CONTEXT_DEADLINE_EXCEEDED);
    assert_true(has_ended(top, GR_CONTEXT_DEADLINE_EXCEEDED) && has_ended(later, GR_CONTEXT_DEADLINE_EXCEEDED));
    gr_context_free(low);
    gr_context_free(later);
    gr_context_free(top);
}

static void test_earlier_time_below_leaves_the_parent(void **state) {
    (void)state;
    gr_context *top = gr_with_timeout(gr_background(), NEVER), *low = gr_with_timeout(top, SOON);
    gr_recv(gr_context_done(low), NULL);
    assert_true(has_ended(low, GR_CONTEXT_DEADLINE_EXCEEDED) && lives(top));
    gr_context *longest = gr_with_timeout(gr_background(), INT64_MAX);
    assert_true(lives(longest));
    gr_context_free(longest);
    gr_context_free(low);
    gr_context_free(top);
}

static gr_waitgroup all;
static void wait_for_end(gr_context *c) {
    gr_case cases[] = {gr_case_recv(NULL, NULL), gr_case_recv(gr_context_done(c), NULL)};
    EXPECT(gr_select(cases, 2) == 1 && !cases[1].ok);
    EXPECT(gr_context_err(c) == GR_CONTEXT_CANCELED);
    gr_waitgroup_done(&all);
}
static void test_all_who_wait_are_woken(void **state) {
    (void)state;
    enum { MANY = 500 };
    gr_context *top = gr_with_cancel(gr_background()), *low = gr_with_cancel(top);
    gr_waitgroup_add(&all, 2 * MANY);
    for (int i = 0; i < MANY; i++) {
        go(wait_for_end, top);
        go(wait_for_end, low);
    }
    gr_gosched();
    gr_context_cancel(top);
    gr_waitgroup_wait(&all);
    gr_context_free(low);
    gr_context_free(top);
}

/* Far deeper than a stack would allow. */
static void test_deep_chain(void **state) {
    (void)state;
    enum { DEEP = 200000 };
    gr_context **chain = malloc((DEEP + 1) * sizeof *chain);
    assert_non_null(chain);
    chain[0] = gr_with_cancel(gr_background());
    for (int i = 1; i <= DEEP; i++) chain[i] = gr_with_cancel(chain[i - 1]);
    gr_context_cancel(chain[0]);
    assert_true(has_ended(chain[DEEP], GR_CONTEXT_CANCELED) && has_ended(chain[DEEP / 2], GR_CONTEXT_CANCELED));
    for (int i = DEEP; i >= 0; i--) gr_context_free(chain[i]);
    free(chain);
}

/* Cancel, time, and free of a child fall together in all orders. */
static void cancel_it(gr_context *c) {
    gr_context_cancel(c);
    gr_waitgroup_done(&all);
}
static void make_and_free_below(gr_context *c, int us) {
    for (int i = 0; i < 20; i++) {
        gr_context *low = gr_with_timeout(c, (us + i % 3) * GR_MICROSECOND), *lower = gr_with_timeout(low, i % 2);
        if (i % 4 == 0) gr_recv(gr_context_done(low), NULL);
        EXPECT(gr_context_err(lower) != GR_CONTEXT_OK || i % 2);
        gr_context_free(lower);
        gr_context_free(low);
    }
    gr_waitgroup_done(&all);
}
static void test_ends_that_meet(void **state) {
    (void)state;
    for (int i = 0; i < 100; i++) {
        gr_context *top = gr_with_timeout(gr_background(), (i % 50) * 4 * GR_MICROSECOND);
        gr_waitgroup_add(&all, 4);
        go(make_and_free_below, top, i % 10);
        go(make_and_free_below, top, 100);
        go(make_and_free_below, top, 0);
        go(cancel_it, top);
        gr_waitgroup_wait(&all);
        EXPECT(gr_context_err(top) != GR_CONTEXT_OK);
        gr_context_free(top);
    }
}

static int all_tests(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_background_never_ends), TEST(test_cancel_goes_down_and_not_up),
        TEST(test_child_of_an_ended_one), TEST(test_no_time_is_over_at_once),
        TEST(test_time_ends_it_and_what_is_below), TEST(test_earlier_time_below_leaves_the_parent),
        TEST(test_all_who_wait_are_woken), TEST(test_deep_chain), TEST(test_ends_that_meet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
