// want: panic
// stderr: ^panic: sync: negative WaitGroup counter$
// stderr: ^goroutine 1 \[running\]:
/* More dones than adds panic. */
#include <gorace.h>

int main(void) {
    gr_waitgroup wg = {0};
    gr_waitgroup_done(&wg);
    return 0;
}
