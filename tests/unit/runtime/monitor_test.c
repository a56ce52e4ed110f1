/* monitor_test.c - goroutines that keep the processor: nobody waits for them for ever. Each of these
 * programs hangs without the monitor. */
#include "goroutine_test.h"

#include <semaphore.h>
#include <unistd.h>

static gr_waitgroup all;
static int flag; /* atomic */

static void raise_flag(void) {
    __atomic_store_n(&flag, 1, __ATOMIC_SEQ_CST);
    gr_waitgroup_done(&all);
}
static bool raised(void) { return __atomic_load_n(&flag, __ATOMIC_SEQ_CST); }

/* `keep` runs first, and ends when raise_flag has run. */
static void beside_raise_flag(void (*keep)(void), int procs) {
    int before = gr_gomaxprocs(procs);
    __atomic_store_n(&flag, 0, __ATOMIC_SEQ_CST);
    gr_waitgroup_add(&all, 2);
    go(keep);
    go(raise_flag);
    gr_waitgroup_wait(&all);
    gr_gomaxprocs(before);
}

static void call_nothing(void) {
    while (!raised()) {}
    gr_waitgroup_done(&all);
}
static void test_loop_that_calls_nothing(void **state) {
    (void)state;
    beside_raise_flag(call_nothing, 1);
}

static void use_a_channel(void) {
    gr_chan *c = gr_make(int, 4);
    for (int i = 0; !raised(); i++) {
        gr_send(c, &i);
        gr_recv(c, NULL);
    }
    gr_chan_free(c);
    gr_waitgroup_done(&all);
}
static void test_loop_over_channel_operations(void **state) {
    (void)state;
    beside_raise_flag(use_a_channel, 1);
}

static void use_a_mutex(void) {
    static gr_mutex m;
    while (!raised()) {
        gr_mutex_lock(&m);
        gr_mutex_unlock(&m);
    }
    gr_waitgroup_done(&all);
}
static void test_loop_over_a_mutex(void **state) {
    (void)state;
    beside_raise_flag(use_a_mutex, 1);
}

static int turns;   /* that start_others lets pass first */
static int starts;  /* atomic: it does */
static void start_others(void) {
    gr_waitgroup ended = {0};
    for (int i = 0; i < turns; i++) gr_gosched();
    while (!raised()) {
        gr_waitgroup_add(&ended, 1);
        go(gr_waitgroup_done, &ended);
        gr_waitgroup_wait(&ended);
        __atomic_store_n(&starts, 1, __ATOMIC_SEQ_CST);
    }
    gr_waitgroup_done(&all);
}
/* It and those it starts take turns: which of them has the even ones must not matter to who waits in the
 * global queue. */
static void test_loop_that_starts_others(void **state) {
    (void)state;
    int before = gr_gomaxprocs(1);
    for (turns = 0; turns < 2; turns++) {
        __atomic_store_n(&flag, 0, __ATOMIC_SEQ_CST);
        __atomic_store_n(&starts, 0, __ATOMIC_SEQ_CST);
        gr_waitgroup_add(&all, 2);
        go(start_others);
        while (!__atomic_load_n(&starts, __ATOMIC_SEQ_CST)) {}
        go(raise_flag);
        gr_waitgroup_wait(&all);
    }
    gr_gomaxprocs(before);
}

static int pipe_ends[2];
static void read_blocking(void) {
    char c;
    EXPECT(read(pipe_ends[0], &c, 1) == 1);
    gr_waitgroup_done(&all);
}
static void write_one(void) {
    EXPECT(write(pipe_ends[1], "x", 1) == 1);
    gr_waitgroup_done(&all);
}
static void test_call_that_blocks_the_thread(void **state) {
    (void)state;
    int before = gr_gomaxprocs(1);
    assert_int_equal(pipe(pipe_ends), 0);
    gr_waitgroup_add(&all, 2);
    go(read_blocking);
    go(write_one);
    gr_waitgroup_wait(&all);
    gr_gomaxprocs(before);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}

static void sleep_then_raise(void) {
    gr_sleep(GR_MILLISECOND);
    raise_flag();
}
static void test_alarm_beside_a_loop(void **state) {
    (void)state;
    int before = gr_gomaxprocs(1);
    __atomic_store_n(&flag, 0, __ATOMIC_SEQ_CST);
    gr_waitgroup_add(&all, 2);
    go(sleep_then_raise);
    go(call_nothing);
    gr_waitgroup_wait(&all);
    gr_gomaxprocs(before);
}

static void read_then_raise(void) {
    char c;
    EXPECT(gr_read(pipe_ends[0], &c, 1) == 1);
    raise_flag();
}
static void write_then_call_nothing(void) {
    EXPECT(write(pipe_ends[1], "x", 1) == 1);
    call_nothing();
}
static void test_descriptor_beside_a_loop(void **state) {
    (void)state;
    int before = gr_gomaxprocs(1);
    assert_int_equal(pipe(pipe_ends), 0);
    __atomic_store_n(&flag, 0, __ATOMIC_SEQ_CST);
    gr_waitgroup_add(&all, 2);
    go(read_then_raise);
    go(write_then_call_nothing);
    gr_waitgroup_wait(&all);
    gr_gomaxprocs(before);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}

/* Who was woken runs beside who woke it. */
static void wait_then_raise(gr_chan *c) {
    gr_recv(c, NULL);
    raise_flag();
}
static void wake_and_go_on(void) {
    gr_chan *c = gr_make(int, 0);
    go(wait_then_raise, c);
    gr_send_value(c, int, 1);
    call_nothing();
    gr_chan_free(c);
}
static void test_what_is_woken_runs_beside(void **state) {
    (void)state;
    int before = gr_gomaxprocs(2);
    for (int i = 0; i < 20; i++) {
        __atomic_store_n(&flag, 0, __ATOMIC_SEQ_CST);
        gr_waitgroup_add(&all, 2);
        go(wake_and_go_on);
        gr_waitgroup_wait(&all);
    }
    gr_gomaxprocs(before);
}

/* Two stages that hand over after microseconds of work each run side by side. */
static int inside; /* atomic */
static bool work_meets_other(void) {
    bool met = false;
    __atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST);
    for (int i = 0; i < 3000; i++) met |= __atomic_load_n(&inside, __ATOMIC_RELAXED) == 2;
    __atomic_sub_fetch(&inside, 1, __ATOMIC_SEQ_CST);
    return met;
}
static void second_stage(gr_chan *c) {
    while (gr_recv(c, NULL)) work_meets_other();
    gr_waitgroup_done(&all);
}
static void first_stage(void) {
    gr_chan *c = gr_make(int, 0);
    go(second_stage, c);
    while (!work_meets_other()) gr_send_value(c, int, 1);
    gr_close(c);
    gr_waitgroup_done(&all);
}
static void test_stages_run_side_by_side(void **state) {
    (void)state;
    int before = gr_gomaxprocs(2);
    gr_waitgroup_add(&all, 2);
    go(first_stage);
    gr_waitgroup_wait(&all);
    gr_gomaxprocs(before);
}

/* Who gives its P away just when GOMAXPROCS has sunk below that leaves nobody behind in it. */
static sem_t posted;
static int meeting; /* atomic */
static void block_until_posted(void) {
    gr_blocking_begin();
    while (sem_wait(&posted) != 0) {}
    gr_blocking_end();
    gr_waitgroup_done(&all);
}
static void lower_beside_another(void) {
    __atomic_add_fetch(&meeting, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&meeting, __ATOMIC_SEQ_CST) % 2) {}
    gr_gomaxprocs(1);
    go(block_until_posted);     /* runs at once; this one is left on a P that is not to be */
    sem_post(&posted);
    gr_waitgroup_done(&all);
}
static void test_nobody_is_left_on_a_p_too_many(void **state) {
    (void)state;
    int before = gr_gomaxprocs(2);
    sem_init(&posted, 0, 0);
    for (int i = 0; i < 10; i++) {
        gr_gomaxprocs(2);
        gr_waitgroup_add(&all, 4);
        go(lower_beside_another);
        go(lower_beside_another);
        gr_waitgroup_wait(&all);
    }
    gr_gomaxprocs(before);
    sem_destroy(&posted);
}

static int all_tests(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_loop_that_calls_nothing), TEST(test_loop_over_channel_operations),
        TEST(test_loop_over_a_mutex), TEST(test_loop_that_starts_others),
        TEST(test_call_that_blocks_the_thread), TEST(test_alarm_beside_a_loop),
        TEST(test_descriptor_beside_a_loop), TEST(test_what_is_woken_runs_beside),
        TEST(test_stages_run_side_by_side), TEST(test_nobody_is_left_on_a_p_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
