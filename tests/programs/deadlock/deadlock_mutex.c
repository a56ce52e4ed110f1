// want: deadlock
// stderr: ^fatal error: all goroutines are asleep - deadlock!$
// stderr: ^goroutine 1 \[sync\.Mutex\.Lock\]:$
/* All goroutines are asleep; main waits: sync.Mutex.Lock. */
#include <gorace.h>

int main(void) {
    gr_mutex lock = {0};
    gr_mutex_lock(&lock);
    gr_mutex_lock(&lock);
    return 0;
}
