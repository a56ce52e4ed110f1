// want: fatal
// stderr: ^fatal error: sync: unlock of unlocked mutex$
// stderr: ^goroutine 1 \[running\]:
/* Unlocking what is not locked is fatal. */
#include <gorace.h>

int main(void) {
    gr_mutex lock = {0};
    gr_mutex_unlock(&lock);
    return 0;
}
