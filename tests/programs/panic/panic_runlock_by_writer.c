// want: fatal
// stderr: ^fatal error: sync: RUnlock of unlocked RWMutex$
// stderr: ^goroutine 1 \[running\]:
/* A writer does not leave as a reader. */
#include <gorace.h>

int main(void) {
    gr_rwmutex lock = {0};
    gr_rwmutex_lock(&lock);
    gr_rwmutex_runlock(&lock);
    return 0;
}
