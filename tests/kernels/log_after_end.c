// class: library: testing
// want: GR1001 background_task
/* A test returns while a goroutine that it started still writes to the test's log; the harness reads and
 * empties that. Repaired: the test waits for its goroutine. */
#include "kernel.h"

struct test { char log[64]; int used; gr_chan *ended; } test;

static void write_line(struct test *test, const char *line) {
    test->used += snprintf(test->log + test->used, sizeof test->log - (size_t)test->used, "%s\n", line);
}
static void background_task(struct test *test) {
    write_line(test, "task ended");
    gr_close(test->ended);
}
static void test_task(struct test *test) {
    go(background_task, test);
#ifdef REPAIRED
    gr_recv(test->ended, NULL);
#endif
}

int main(void) {
    test.ended = gr_make(int, 0);
    test_task(&test);
    printf("PASS, %d bytes of log\n", test.used);
    test.used = 0;
    gr_recv(test.ended, NULL);
    return 0;
}
