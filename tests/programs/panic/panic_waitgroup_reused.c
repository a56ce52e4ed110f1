// want: panic
// stderr: ^panic: sync: WaitGroup is reused before previous Wait has returned$
// stderr: ^goroutine [2-9] \[running\]:
/* A wait group counts anew only when all who waited have gone on. That this add has no order with the
 * wait is not what is asked here. */
#include <gorace.h>

static gr_waitgroup wg;
static bool waits;

static void waiter(void) {
    gr_race_disable();
    waits = true;               /* one processor: who looks next sees it wait */
    gr_waitgroup_wait(&wg);
}

int main(void) {
    gr_gomaxprocs(1);
    gr_waitgroup_add(&wg, 1);
    go(waiter);
    gr_race_disable();
    while (!waits) gr_gosched();
    gr_waitgroup_done(&wg);
    gr_waitgroup_add(&wg, 1);
    gr_recv(NULL, NULL);
    return 0;
}
