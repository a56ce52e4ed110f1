/* engine_test.c - each rule of the engine both ways, its limits, its memory, and threads at once. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "detector/engine/access.h"
#include "tests/model/recorder.h"

static _Alignas(64) char memory[256];
static unsigned races; /* atomic */
static gr__conflict_side last_now, last_earlier;

static void on_race(gr__actor *self, const gr__conflict_side *now, const gr__conflict_side *earlier) {
    (void)self;
    last_now = *now;
    last_earlier = *earlier;
    __atomic_add_fetch(&races, 1, __ATOMIC_RELAXED);
}

static gr__actor *root, *a, *b;

static int fresh(void **state) {
    (void)state;
    gr__engine_hooks hooks = {.race = on_race};
    assert_int_equal(gr__engine_init(&hooks), 0);
    gr__engine_reset();
    races = 0;
    root = gr__actor_root(GR__ACTOR_GOROUTINE, 1);
    a = gr__actor_fork(root, GR__ACTOR_THREAD, 2, 0);
    b = gr__actor_fork(root, GR__ACTOR_THREAD, 3, 0);
    return 0;
}

#define X ((uintptr_t)memory)
#define OBJECT ((uintptr_t)memory + 128)
static void put(gr__actor *who) { gr__access_fast(who, X, 8, GR__ACCESS_WRITE, 100 + who->slot); }
static void get(gr__actor *who) { gr__access_fast(who, X, 8, 0, 200 + who->slot); }

static void test_plain(void **state) {
    (void)state;
    get(a); get(b);
    assert_int_equal(races, 0);
    put(b);
    assert_int_equal(races, 1);
    assert_int_equal(last_now.actor, b->id);
    assert_int_equal(last_earlier.actor, a->id);
    assert_int_equal(last_earlier.address, X);
    assert_int_equal(last_earlier.size, 8);
    assert_int_equal(last_now.flags, GR__ACCESS_WRITE);
}

static void test_neighbours_do_not_race(void **state) {
    (void)state;
    for (unsigned i = 0; i < 8; i++)
        gr__access_fast(i & 1 ? a : b, X + i, 1, GR__ACCESS_WRITE, 10);
    assert_int_equal(races, 0);
    gr__access_fast(a, X + 2, 1, 0, 10);
    assert_int_equal(races, 1);
}

static void test_across_granules(void **state) {
    (void)state;
    gr__access_fast(a, X + 6, 4, GR__ACCESS_WRITE, 10);
    gr__access_fast(b, X + 8, 8, 0, 11);
    assert_int_equal(races, 1);
    assert_int_equal(last_earlier.address, X + 8);
    assert_int_equal(last_earlier.size, 2);
}

static void test_release_acquire(void **state) {
    (void)state;
    put(a);
    gr__release(a, OBJECT, 0);
    gr__acquire(b, OBJECT, 0);
    put(b);
    assert_int_equal(races, 0);
    put(a);
    assert_int_equal(races, 1);
}

static void test_later_than_release(void **state) {
    (void)state;
    gr__release(a, OBJECT, 0);
    put(a);
    gr__acquire(b, OBJECT, 0);
    put(b);
    assert_int_equal(races, 1);
}

static void test_release_replaces_merge_joins(void **state) {
    (void)state;
    put(a);
    gr__release(a, OBJECT, 0);
    gr__release_merge(b, OBJECT, 0);
    gr__acquire(root, OBJECT, 0);
    put(root);
    assert_int_equal(races, 0);
    put(b);
    gr__release(b, OBJECT, 0);
    assert_int_equal(races, 1);
    gr__release(a, OBJECT, 0);
    gr__acquire(root, OBJECT, 0);
    put(root);
    assert_int_equal(races, 2); /* a's release took b's away */
}

static void test_destroyed_object_orders_nothing(void **state) {
    (void)state;
    put(a);
    gr__release(a, OBJECT, 0);
    gr__sync_destroy(OBJECT, 8);
    gr__acquire(b, OBJECT, 0);
    put(b);
    assert_int_equal(races, 1);
}

static void test_join(void **state) {
    (void)state;
    put(a);
    gr__actor_end(a);
    gr__actor_join(root, a, 0);
    put(root);
    assert_int_equal(races, 0);
    assert_int_equal(gr__actor_by_id(a->id)->number, 2);
    put(b);
    assert_int_equal(races, 1);
}

static enum gr__atomic_did did(void *argument) { return *(enum gr__atomic_did *)argument; }
static void atomic(gr__actor *who, enum gr__atomic_did what, enum gr__memory_order order) {
    gr__atomic(who, X + 64, 4, what, order, GR__RELAXED, 300, did, &what);
}

static void test_atomic_orders(void **state) {
    (void)state;
    put(a);
    atomic(a, GR__DID_STORE, GR__RELEASE);
    atomic(root, GR__DID_RMW, GR__RELAXED); /* goes on with the release sequence */
    atomic(b, GR__DID_LOAD, GR__ACQUIRE);
    put(b);
    assert_int_equal(races, 0);
    gr__access_fast(a, X + 64, 4, GR__ACCESS_WRITE, 12); /* plain against b's atomic */
    assert_int_not_equal(races, 0);
}

static void test_relaxed_orders_nothing(void **state) {
    (void)state;
    put(a);
    atomic(a, GR__DID_STORE, GR__RELAXED);
    atomic(b, GR__DID_LOAD, GR__SEQ_CST);
    put(b);
    assert_int_equal(races, 1);
}

static void test_fences(void **state) {
    (void)state;
    put(a);
    gr__fence(a, GR__RELEASE);
    atomic(a, GR__DID_STORE, GR__RELAXED);
    atomic(b, GR__DID_LOAD, GR__RELAXED);
    gr__fence(b, GR__ACQUIRE);
    put(b);
    assert_int_equal(races, 0);
}

static void test_no_fence(void **state) {
    (void)state;
    put(a);
    gr__fence(a, GR__RELEASE);
    atomic(a, GR__DID_STORE, GR__RELAXED);
    atomic(b, GR__DID_LOAD, GR__RELAXED);
    put(b);
    assert_int_equal(races, 1);
}

static void test_ignore(void **state) {
    (void)state;
    put(a);
    b->ignore = 1;
    put(b);
    assert_int_equal(races, 0);
    b->ignore = 0;
    put(b);
    assert_int_equal(races, 1);
}

static void test_heap(void **state) {
    (void)state;
    gr__heap_block block;
    gr__loc at = gr__loc_child(gr__loc_child(0, 1), 2);
    gr__heap_alloc(a, X, 24, at);
    put(a);
    assert_true(gr__heap_find(X + 23, &block));
    assert_false(gr__heap_find(X + 24, &block));
    assert_int_equal(block.allocated_at, at);
    assert_false(block.freed);
    assert_int_equal(gr__heap_free(b, X + 8, at), SIZE_MAX);
    assert_int_equal(gr__heap_free(b, X, at), 24);
    assert_int_equal(races, 1);
    get(a);
    assert_int_equal(races, 2);
    assert_true(last_earlier.flags & GR__ACCESS_FREE);
    assert_true(gr__heap_find(X, &block));
    assert_true(block.freed);
    assert_int_equal(gr__heap_free(b, X, at), SIZE_MAX);
    gr__heap_alloc(root, X, 16, at);
    put(root);
    assert_int_equal(races, 2);
}

static void test_large_block(void **state) {
    (void)state;
    size_t size = 1ull << 32;
    char *p = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    assert_ptr_not_equal(p, MAP_FAILED);
    uintptr_t low = (uintptr_t)p;
    gr__heap_block block;
    gr__heap_alloc(root, low, size, 0);
    gr__access_fast(a, low + (1ull << 31), 8, GR__ACCESS_WRITE, 1);
    assert_true(gr__heap_find(low + size - 1, &block));
    assert_int_equal(gr__heap_free(b, low, 0), size);
    assert_int_equal(races, 1);
    gr__heap_alloc(root, low, size, 0);
    gr__access_fast(b, low + (1ull << 31), 8, GR__ACCESS_WRITE, 1);
    assert_int_equal(races, 1);
    munmap(p, size);
}

static void test_contexts(void **state) {
    (void)state;
    gr__loc f = gr__loc_child(0, 10), g = gr__loc_child(f, 20);
    uintptr_t pcs[1] = {0};
    assert_int_equal(gr__loc_child(f, 20), g);
    assert_int_not_equal(gr__loc_child(0, 20), g);
    assert_int_equal(gr__loc_stack(g, pcs, 1), 2);
    assert_int_equal(pcs[0], 20);
    assert_int_equal(gr__loc_parent(g), f);
}

static void test_outside_of_coverage(void **state) {
    (void)state;
    gr__access(a, 0x8000000000000000u, 8, 1, 1);
    gr__access(a, 0x200000000000u, 8, 1, 1);
    gr__access(a, UINTPTR_MAX - 2, 8, 1, 1);
    gr__access(a, 0, 8, 1, 1);
    gr__access(b, 0, 8, 1, 1);
    assert_int_equal(races, 1);
}

/* More epochs than a slot has: the actor goes on in another one, and stays ordered with itself. */
static void test_clock_overflow(void **state) {
    (void)state;
    uint32_t slot = a->slot;
    put(a);
    for (unsigned i = 0; i < GR__CLOCK_MAX + 10; i++) {
        gr__access_fast(a, X + 8, 8, GR__ACCESS_WRITE, 1);
        gr__release(a, OBJECT, 0);
    }
    assert_int_not_equal(a->slot, slot);
    put(a);
    assert_int_equal(races, 0);
    gr__acquire(b, OBJECT, 0);
    gr__access_fast(b, X + 8, 8, GR__ACCESS_WRITE, 1);
    assert_int_equal(races, 0);
    put(b);
    assert_int_equal(races, 1);
    assert_int_equal(last_earlier.actor, a->id);
}

static void test_slots_and_nodes_are_used_again(void **state) {
    (void)state;
    gr__engine_statistics before, after;
    for (unsigned i = 0; i < 1000000; i++) {
        gr__actor *who = i & 1 ? a : b;
        gr__acquire(who, OBJECT, 0);
        put(who);
        gr__release(who, OBJECT, 0);
        if (i == 1000) gr__engine_statistics_get(&before);
    }
    gr__engine_statistics_get(&after);
    assert_int_equal(races, 0);
    assert_int_equal(after.clock_nodes, before.clock_nodes);
    uint32_t highest = 0;
    for (unsigned i = 0; i < 10000; i++) {
        gr__actor *child = gr__actor_fork(root, GR__ACTOR_THREAD, i, 0);
        if (child->slot > highest) highest = child->slot;
        gr__access_fast(child, X + 16, 8, GR__ACCESS_WRITE, 1);
        gr__actor_end(child);
        gr__actor_join(root, child, 0);
    }
    assert_int_equal(races, 0);
    assert_true(highest < 16);
    gr__engine_statistics_get(&after);
    assert_true(after.clock_nodes < before.clock_nodes + 256);
}

static void *work(void *argument) {
    gr__actor *self = argument;
    for (unsigned i = 0; i < 200000; i++) {
        uintptr_t mine = X + 32 + 8 * (self->number % 4);
        gr__access_fast(self, mine, 8, GR__ACCESS_WRITE, i % 64 + 1);
        gr__access_fast(self, X + 16 + i % 8, 1, i % 16 == 0, i % 8 + 1);
        self->context = gr__loc_child(0, i % 1000 + 1);
        gr__acquire(self, OBJECT, 0);
        gr__release_merge(self, OBJECT, 0);
        enum gr__atomic_did what = GR__DID_RMW;
        gr__atomic(self, X + 64, 4, what, GR__ACQ_REL, GR__RELAXED, 7, did, &what);
        if (i % 100 == 0) gr__memory_reset(X + 16, 8);
        if (i % 50) continue;
        gr__actor *child = gr__actor_fork(self, GR__ACTOR_THREAD, i, 0);
        put(child);
        gr__actor_end(child);
        gr__actor_join(self, child, 0);
    }
    gr__actor_end(self);
    return NULL;
}

static void test_threads(void **state) {
    (void)state;
    pthread_t threads[4];
    gr__actor *actors[4];
    for (unsigned i = 0; i < 4; i++) {
        actors[i] = gr__actor_fork(root, GR__ACTOR_THREAD, 10 + i, 0);
        assert_int_equal(pthread_create(&threads[i], NULL, work, actors[i]), 0);
    }
    for (unsigned i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        gr__actor_join(root, actors[i], 0);
    }
    races = 0;
    put(root);
    for (unsigned i = 0; i < 4; i++)
        gr__access_fast(root, X + 32 + 8 * i, 8, GR__ACCESS_WRITE, 9);
    assert_int_equal(races, 0);
    gr__engine_statistics s;
    gr__engine_statistics_get(&s);
    assert_true(s.clock_nodes < 10000);
    assert_true(s.overflow_records < 10000);
}

/* --- merge of streams --- */
static uint64_t seen[16];
static unsigned seen_count;
static void see(uint32_t thread, uint64_t actor, gr__event e, void *argument) {
    (void)thread;
    (void)argument;
    if (seen_count < 16) seen[seen_count++] = gr__event_address(e) + 1000 * actor;
}

static void test_merge(void **state) {
    (void)state;
    recorder_clear();
    /* Tickets wrap, have gaps, and a byte pattern that is no event stands in between. */
    recorder_add(0, gr__event_make(GR__EVENT_SWITCH, 0, 1, 0xfffffff0u, 0));
    recorder_add(0, gr__event_make(GR__EVENT_ACCESS, 0, 11, 8, 0));
    recorder_add(0, gr__event_make(GR__EVENT_ACQUIRE, 0, 12, 5, 0));
    recorder_add(1, gr__event_make(GR__EVENT_RELEASE, 0, 20, 0xfffffff5u, 0)); /* its SWITCH was lost */
    recorder_add(1, gr__event_make(200, 0, 99, 0, 0));
    recorder_add(1, gr__event_make(GR__EVENT_SWITCH, 0, 2, 1, 0));
    recorder_add(1, gr__event_make(GR__EVENT_SIZE, 0, 77, 0, 0));
    recorder_add(1, gr__event_make(GR__EVENT_ALLOC, 0, 21, 9, 0));
    seen_count = 0;
    gr__trace_merge(recorder_trace(), see, NULL);
    const uint64_t wanted[] = {1001, 1011, 20, 2002, 1012, 2077, 2021};
    assert_int_equal(seen_count, 7);
    assert_memory_equal(seen, wanted, sizeof wanted);
}

#define T(f) cmocka_unit_test_setup(f, fresh)
int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_plain), T(test_neighbours_do_not_race), T(test_across_granules),
        T(test_release_acquire), T(test_later_than_release), T(test_release_replaces_merge_joins),
        T(test_destroyed_object_orders_nothing), T(test_join), T(test_atomic_orders),
        T(test_relaxed_orders_nothing), T(test_fences), T(test_no_fence), T(test_ignore), T(test_heap),
        T(test_large_block), T(test_contexts), T(test_outside_of_coverage), T(test_clock_overflow),
        T(test_slots_and_nodes_are_used_again), T(test_threads), T(test_merge)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
