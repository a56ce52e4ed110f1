// want: deadlock
// stderr: ^fatal error: all goroutines are asleep - deadlock!$
// stderr: ^goroutine 1 \[sync\.RWMutex\.Lock\]:$
/* All goroutines are asleep; main waits: sync.RWMutex.Lock. */
#include <gorace.h>

int main(void) {
    gr_rwmutex lock = {0};
    gr_rwmutex_rlock(&lock);
    gr_rwmutex_lock(&lock);
    return 0;
}
