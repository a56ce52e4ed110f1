// want: deadlock
// stderr: ^fatal error: all goroutines are asleep - deadlock!$
// stderr: ^goroutine 1 \[sync\.WaitGroup\.Wait\]:$
/* All goroutines are asleep; main waits: sync.WaitGroup.Wait. */
#include <gorace.h>

int main(void) {
    gr_waitgroup wg = {0};
    gr_waitgroup_add(&wg, 1);
    gr_waitgroup_wait(&wg);
    return 0;
}
