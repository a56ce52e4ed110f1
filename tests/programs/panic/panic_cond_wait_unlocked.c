// want: fatal
// stderr: ^fatal error: sync: unlock of unlocked mutex$
// stderr: ^goroutine 1 \[running\]:
/* Who waits on a condition holds its mutex. */
#include <gorace.h>

int main(void) {
    gr_mutex lock = GR_MUTEX_INIT;
    gr_cond changed;
    gr_cond_init(&changed, &lock);
    gr_cond_wait(&changed);
    return 0;
}
