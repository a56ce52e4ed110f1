// want: fatal
// stderr: ^fatal error: sync: Unlock of unlocked RWMutex$
// stderr: ^goroutine 1 \[running\]:
/* So it is with a reader-writer lock. */
#include <gorace.h>

int main(void) {
    gr_rwmutex lock = {0};
    gr_rwmutex_unlock(&lock);
    return 0;
}
