/* sync_test.c - locks, wait groups, once, conditions, semaphores. */
#include "goroutine_test.h"

static gr_waitgroup all;

/* --- mutex --- */

static gr_mutex mutex;
static long counter;
static void count(int n) {
    for (int i = 0; i < n; i++) {
        gr_mutex_lock(&mutex);
        long before = counter;
        if (i % 100 == 0) gr_gosched();
        counter = before + 1;
        gr_mutex_unlock(&mutex);
    }
    gr_waitgroup_done(&all);
}
static void test_mutex_excludes(void **state) {
    (void)state;
    gr_waitgroup_add(&all, 10);
    for (int i = 0; i < 10; i++) go(count, 1000);
    gr_waitgroup_wait(&all);
    assert_int_equal(counter, 10000);
}
static void test_try_lock(void **state) {
    (void)state;
    gr_mutex m = GR_MUTEX_INIT;
    gr_rwmutex rw = {0};
    assert_true(gr_mutex_try_lock(&m));
    assert_false(gr_mutex_try_lock(&m));
    gr_mutex_unlock(&m);
    assert_true(gr_mutex_try_lock(&m));
    assert_true(gr_rwmutex_try_rlock(&rw));
    assert_true(gr_rwmutex_try_rlock(&rw));
    assert_false(gr_rwmutex_try_lock(&rw));
    gr_rwmutex_runlock(&rw);
    gr_rwmutex_runlock(&rw);
    assert_true(gr_rwmutex_try_lock(&rw));
    assert_false(gr_rwmutex_try_rlock(&rw));
    gr_rwmutex_unlock(&rw);
}

/* --- a writer that waits comes before readers that come later --- */

static gr_rwmutex rwmutex;
static gr_chan *order;
static void late_writer(void) {
    gr_rwmutex_lock(&rwmutex);
    gr_send_value(order, int, 'w');
    gr_rwmutex_unlock(&rwmutex);
}
static void later_reader(void) {
    gr_rwmutex_rlock(&rwmutex);
    gr_send_value(order, int, 'r');
    gr_rwmutex_runlock(&rwmutex);
}
static void test_readers_wait_behind_a_writer(void **state) {
    (void)state;
    int first = 0, second = 0;
    order = gr_make(int, 2);
    gr_rwmutex_rlock(&rwmutex);
    go(late_writer);
    while (gr_rwmutex_try_rlock(&rwmutex)) { /* until it waits */
        gr_rwmutex_runlock(&rwmutex);
        gr_gosched();
    }
    go(later_reader);
    for (int i = 0; i < 20; i++) gr_gosched();
    gr_rwmutex_runlock(&rwmutex);
    assert_true(gr_recv(order, &first) && gr_recv(order, &second));
    assert_int_equal(first, 'w');
    assert_int_equal(second, 'r');
    gr_chan_free(order);
}

/* --- once --- */

static gr_once once;
static int calls;
static void initialise(void) {
    for (int i = 0; i < 10; i++) gr_gosched();
    __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
}
static void use(void) {
    gr_once_do(&once, initialise);
    EXPECT(__atomic_load_n(&calls, __ATOMIC_SEQ_CST) == 1);
    gr_waitgroup_done(&all);
}
static void test_once_runs_once_and_all_wait(void **state) {
    (void)state;
    gr_waitgroup_add(&all, 20);
    for (int i = 0; i < 20; i++) go(use);
    gr_waitgroup_wait(&all);
    assert_int_equal(calls, 1);
}

/* --- cond --- */

static gr_mutex cond_mutex;
static gr_cond cond;
static int waiting, tickets;
static void take_ticket(void) {
    gr_mutex_lock(&cond_mutex);
    waiting++;
    while (!tickets) gr_cond_wait(&cond);
    tickets--;
    waiting--;
    gr_mutex_unlock(&cond_mutex);
    gr_waitgroup_done(&all);
}
static void until_waiting(int n) {
    for (bool there = false; !there; gr_gosched()) {
        gr_mutex_lock(&cond_mutex);
        there = waiting == n;
        gr_mutex_unlock(&cond_mutex);
    }
}
static void test_signal_wakes_one_broadcast_all(void **state) {
    (void)state;
    gr_cond_init(&cond, &cond_mutex);
    gr_waitgroup_add(&all, 5);
    for (int i = 0; i < 5; i++) go(take_ticket);
    until_waiting(5);
    gr_mutex_lock(&cond_mutex);
    tickets = 1;
    gr_mutex_unlock(&cond_mutex);
    gr_cond_signal(&cond);
    until_waiting(4);
    gr_mutex_lock(&cond_mutex);
    tickets = 4;
    gr_mutex_unlock(&cond_mutex);
    gr_cond_broadcast(&cond);
    gr_waitgroup_wait(&all);
    assert_int_equal(waiting, 0);
}

/* --- semaphore --- */

static gr_sem sem;
static int inside;
static void enter(void) {
    gr_sem_acquire(&sem, 1);
    int now = __atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST);
    EXPECT(now <= 3);
    gr_gosched();
    __atomic_add_fetch(&inside, -1, __ATOMIC_SEQ_CST);
    gr_sem_release(&sem, 1);
    gr_waitgroup_done(&all);
}
static void test_semaphore_bounds(void **state) {
    (void)state;
    gr_sem_init(&sem, 3);
    gr_waitgroup_add(&all, 50);
    for (int i = 0; i < 50; i++) go(enter);
    gr_waitgroup_wait(&all);
    assert_true(gr_sem_try_acquire(&sem, 3));
    assert_false(gr_sem_try_acquire(&sem, 1));
    gr_sem_release(&sem, 3);
}

/* First come, first served: a small request does not pass a large one that waits. */
static void want(int64_t k, int name) {
    gr_sem_acquire(&sem, k);
    gr_send_value(order, int, name);
    gr_sem_release(&sem, k);
}
static void test_semaphore_is_fair(void **state) {
    (void)state;
    int first = 0, second = 0;
    order = gr_make(int, 2);
    gr_sem_init(&sem, 3);
    gr_sem_acquire(&sem, 2);
    go(want, 3, 'L');
    while (gr_sem_try_acquire(&sem, 1)) { /* until it waits: then nobody passes */
        gr_sem_release(&sem, 1);
        gr_gosched();
    }
    go(want, 1, 's');
    for (int i = 0; i < 20; i++) gr_gosched();
    gr_sem_release(&sem, 2);
    assert_true(gr_recv(order, &first) && gr_recv(order, &second));
    assert_int_equal(first, 'L');
    assert_int_equal(second, 's');
    gr_chan_free(order);
}

static int all_tests(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_mutex_excludes), TEST(test_try_lock), TEST(test_readers_wait_behind_a_writer),
        TEST(test_once_runs_once_and_all_wait), TEST(test_signal_wakes_one_broadcast_all),
        TEST(test_semaphore_bounds), TEST(test_semaphore_is_fair),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
