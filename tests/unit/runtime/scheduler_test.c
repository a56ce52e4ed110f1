/* scheduler_test.c - goroutines as such: numbers, arguments, stacks, threads, processors. */
#include "goroutine_test.h"

#include <errno.h>
#include <pthread.h>
#include <unistd.h>

static gr_waitgroup all;

static void check_arguments(char c, short s, int i, long l, void *p, const char *text) {
    EXPECT(c == 'x' && s == -2 && i == 3 && l == 1L << 40 && p == &all && text[0] == 't');
    gr_waitgroup_done(&all);
}
static void test_go_passes_arguments(void **state) {
    (void)state;
    gr_waitgroup_add(&all, 1);
    go(check_arguments, 'x', (short)-2, 3, 1L << 40, &all, "text");
    gr_waitgroup_wait(&all);
}

static void tell_number(gr_chan *c) {
    uint64_t id = gr_goid();
    gr_send(c, &id);
}
static void test_numbers_differ(void **state) {
    (void)state;
    gr_chan *c = gr_make(uint64_t, 0);
    uint64_t a, b;
    assert_int_equal(gr_goid(), gr_goid());
    go(tell_number, c);
    go(tell_number, c);
    gr_recv(c, &a);
    gr_recv(c, &b);
    assert_true(a > 1 && b > 1 && a != b);
    gr_chan_free(c);
}

static void end_early(void) {
    gr_waitgroup_done(&all);
    gr_goexit();
    EXPECT(false);
}
static void test_goexit_ends_only_one(void **state) {
    (void)state;
    gr_waitgroup_add(&all, 1);
    go(end_early);
    gr_waitgroup_wait(&all);
}

static void park(gr_chan *until) {
    gr_waitgroup_done(&all);
    gr_recv(until, NULL);
    gr_waitgroup_done(&all);
}
static void test_hundred_thousand_parked(void **state) {
    (void)state;
#ifdef __SANITIZE_THREAD__
    enum { MANY = 1000 };       /* each costs it half a megabyte */
#else
    enum { MANY = 100000 };
#endif
    gr_chan *until = gr_make(int, 0);
    gr_waitgroup_add(&all, MANY);
    for (int i = 0; i < MANY; i++) go(park, until);
    gr_waitgroup_wait(&all);
    assert_true(gr_num_goroutine() >= MANY);
    gr_waitgroup_add(&all, MANY);
    gr_close(until);
    gr_waitgroup_wait(&all);
    gr_chan_free(until);
}

static int alive; /* at the end of the chain */
static void chain(int left) {
    if (left) {
        go(chain, left - 1);
    } else {
        alive = gr_num_goroutine();
        gr_waitgroup_done(&all);
    }
}
static void test_links_of_a_chain_end(void **state) {
    (void)state;
    int before = gr_gomaxprocs(1);
    gr_waitgroup_add(&all, 1);
    go(chain, 20000);
    gr_waitgroup_wait(&all);
    assert_true(alive < 1000);
    gr_gomaxprocs(before);
}

static int deep(int n) {
    volatile char room[1024];
    room[0] = (char)n;
    return n ? deep(n - 1) + (room[0] == (char)n) : 0;
}
static void go_deep(void) {
    EXPECT(deep(20000) == 20000); /* more than 20 MB */
    gr_waitgroup_done(&all);
}
static void test_stacks_grow(void **state) {
    (void)state;
    gr_waitgroup_add(&all, 3);
    for (int i = 0; i < 3; i++) go(go_deep);
    gr_waitgroup_wait(&all);
}

static void keep_errno(int value) {
    errno = value;
    for (int i = 0; i < 50; i++) {
        gr_gosched();
        EXPECT(errno == value);
    }
    gr_waitgroup_done(&all);
}
static void test_errno_stays(void **state) {
    (void)state;
    gr_waitgroup_add(&all, 20);
    for (int i = 1; i <= 20; i++) go(keep_errno, i);
    gr_waitgroup_wait(&all);
}

static void *thread_side(void *argument) {
    gr_chan **c = argument;
    for (int i = 0; i < 1000; i++) {
        int v;
        gr_send(c[0], &i);
        EXPECT(gr_recv(c[1], &v) && v == 2 * i);
    }
    return NULL;
}
static void double_them(gr_chan *in, gr_chan *out) {
    for (int v; gr_recv(in, &v);) {
        v *= 2;
        gr_send(out, &v);
    }
    gr_waitgroup_done(&all);
}
static void test_threads_may_use_channels(void **state) {
    (void)state;
    gr_chan *c[2] = {gr_make(int, 0), gr_make(int, 0)};
    pthread_t thread;
    gr_waitgroup_add(&all, 1);
    go(double_them, c[0], c[1]);
    assert_int_equal(pthread_create(&thread, NULL, thread_side, c), 0);
    gr_blocking_begin();
    assert_int_equal(pthread_join(thread, NULL), 0);
    gr_blocking_end();
    gr_close(c[0]);
    gr_waitgroup_wait(&all);
}

static void some_work(gr_chan *c) {
    for (int i = 0; i < 200; i++) gr_send(c, &i);
    gr_waitgroup_done(&all);
}
static void test_processors_change_at_run_time(void **state) {
    (void)state;
    int before = gr_gomaxprocs(0);
    gr_chan *c = gr_make(int, 4);
    gr_waitgroup_add(&all, 8);
    for (int i = 0; i < 8; i++) go(some_work, c);
    for (int i = 0, v; i < 8 * 200; i++) {
        if (i % 100 == 0) gr_gomaxprocs(1 + i / 100 % 4);
        gr_recv(c, &v);
    }
    gr_waitgroup_wait(&all);
    gr_gomaxprocs(before);
    assert_int_equal(gr_gomaxprocs(0), before);
    gr_chan_free(c);
}

/* Two run side by side, and the processor of one of them is taken out of service. Each then makes others
 * ready, and blocks its thread until these have run. */
enum { LEFT_BEHIND = 3 };
static int beside, fewer; /* atomic */
static void say_done(gr_chan *c, int pipe_end) {
    gr_send(c, NULL);
    EXPECT(write(pipe_end, "x", 1) == 1);
    gr_waitgroup_done(&all);
}
static void leave_some_behind(void) {
    gr_chan *c = gr_chan_make(0, 0);
    int ends[2];
    char byte;
    EXPECT(pipe(ends) == 0);
    for (int i = 0; i < LEFT_BEHIND; i++) go(say_done, c, ends[1]);
    if (__atomic_add_fetch(&beside, 1, __ATOMIC_SEQ_CST) == 2) {
        gr_gomaxprocs(1);
        __atomic_store_n(&fewer, 1, __ATOMIC_SEQ_CST);
    }
    while (!__atomic_load_n(&fewer, __ATOMIC_SEQ_CST)) {}
    for (int i = 0; i < LEFT_BEHIND; i++) gr_recv(c, NULL);
    gr_blocking_begin();
    for (int i = 0; i < LEFT_BEHIND; i++) EXPECT(read(ends[0], &byte, 1) == 1);
    gr_blocking_end();
    close(ends[0]);
    close(ends[1]);
    gr_chan_free(c);
    gr_waitgroup_done(&all);
}
static void test_blocking_beyond_fewer_processors(void **state) {
    (void)state;
    int before = gr_gomaxprocs(0);
    for (int i = 0; i < 20; i++) {
        gr_gomaxprocs(2);
        beside = fewer = 0;
        gr_waitgroup_add(&all, 2 + 2 * LEFT_BEHIND);
        go(leave_some_behind);
        go(leave_some_behind);
        gr_waitgroup_wait(&all);
    }
    gr_gomaxprocs(before);
}

static int all_tests(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_go_passes_arguments), TEST(test_numbers_differ),
        TEST(test_goexit_ends_only_one), TEST(test_hundred_thousand_parked), TEST(test_links_of_a_chain_end),
        TEST(test_stacks_grow),
        TEST(test_errno_stays), TEST(test_threads_may_use_channels),
        TEST(test_processors_change_at_run_time), TEST(test_blocking_beyond_fewer_processors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
