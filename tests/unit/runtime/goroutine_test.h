/* goroutine_test.h - cmocka for goroutines.
 *
 * cmocka keeps its state in thread-local variables, so its tests run in a thread of their own, whose
 * goroutine is bound to it; main's would change threads. An assertion jumps, which only that one may do:
 * others note what is wrong with EXPECT, and the test fails at its end. */
#ifndef GOROUTINE_TEST_H
#define GOROUTINE_TEST_H

#include <gorace.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static int wrong; /* atomic */
#define EXPECT(condition)                                                                         \
    do {                                                                                          \
        if (!(condition)) {                                                                       \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);               \
            __atomic_add_fetch(&wrong, 1, __ATOMIC_SEQ_CST);                                      \
        }                                                                                         \
    } while (0)

static inline int nothing_wrong(void **state) {
    (void)state;
    return __atomic_load_n(&wrong, __ATOMIC_SEQ_CST);
}
#define TEST(name) cmocka_unit_test_teardown(name, nothing_wrong)

static int all_tests(void);
static inline void *tests_thread(void *failed) {
    *(int *)failed = all_tests();
    return NULL;
}
int main(void) {
    pthread_t thread;
    int failed = 1;
    if (pthread_create(&thread, NULL, tests_thread, &failed) == 0) pthread_join(thread, NULL);
    return failed;
}

#endif
