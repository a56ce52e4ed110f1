// want: fatal
// stderr: ^fatal error: sync: Unlock of unlocked RWMutex$
/* So it is with a reader-writer lock. */
#include <gorace.h>

static gr_rwmutex lock;

int main(void) {
    gr_rwmutex_lock(&lock);
    gr_rwmutex_unlock(&lock);
    gr_rwmutex_unlock(&lock);
    return 0;
}
