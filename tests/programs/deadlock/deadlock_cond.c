// want: deadlock
// stderr: ^fatal error: all goroutines are asleep - deadlock!$
// stderr: ^goroutine 1 \[sync\.Cond\.Wait\]:$
/* All goroutines are asleep; main waits: sync.Cond.Wait. */
#include <gorace.h>

int main(void) {
    gr_mutex lock = {0};
    gr_cond cond;
    gr_cond_init(&cond, &lock);
    gr_mutex_lock(&lock);
    gr_cond_wait(&cond);
    return 0;
}
