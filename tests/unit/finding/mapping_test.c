/* mapping_test.c - mappings against an array that knows each page. */
#include "detector/finding/finding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { PAGES = 200, PAGE = 4096, ROUNDS = 200000 };

static uint64_t owner_of[PAGES]; /* 0: nobody has mapped it */

static void check(void) {
    for (uintptr_t i = 0; i < PAGES; i++) {
        gr__mapping m;
        bool found = gr__mapping_find(PAGE + i * PAGE + 7, &m);
        assert_int_equal(found, owner_of[i] != 0);
        if (!found) continue;
        assert_int_equal(m.actor, owner_of[i]);
        uintptr_t low = (m.low - PAGE) / PAGE, high = (m.high - PAGE) / PAGE;
        assert_true(low <= i && i < high && high <= PAGES);
        for (uintptr_t k = low; k < high; k++) assert_int_equal(owner_of[k], owner_of[i]);
        assert_true(low == 0 || owner_of[low - 1] != owner_of[i]);
        assert_true(high == PAGES || owner_of[high] != owner_of[i]);
    }
}

static void any_order(void **state) {
    (void)state;
    srandom(7);
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        uintptr_t first = (uintptr_t)random() % PAGES, count = 1 + (uintptr_t)random() % 20;
        if (first + count > PAGES) count = PAGES - first;
        bool made = random() & 1;
        uintptr_t low = PAGE + first * PAGE, high = low + count * PAGE;
        if (made) gr__mapping_made(&(gr__mapping){low, high, round, 0});
        else gr__mapping_gone(low, high);
        for (uintptr_t i = first; i < first + count; i++) owner_of[i] = made ? round : 0;
        if (round % 50 == 0) check();
    }
}

static void many(void **state) {
    (void)state;
    enum { MANY = 1000000 };
    for (uintptr_t i = MANY; i > 0; i--) gr__mapping_made(&(gr__mapping){i * PAGE, (i + 1) * PAGE, i, 0});
    gr__mapping m;
    assert_true(gr__mapping_find((uintptr_t)PAGE * 77777, &m));
    assert_int_equal(m.actor, 77777);
    for (uintptr_t i = 1; i <= MANY; i++) gr__mapping_gone(i * PAGE, (i + 1) * PAGE);
    assert_false(gr__mapping_find((uintptr_t)PAGE * 77777, &m));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(any_order), cmocka_unit_test(many)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
