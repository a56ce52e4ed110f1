// want: panic
// stderr: ^panic: sync: WaitGroup misuse: Add called concurrently with Wait$
// stderr: ^goroutine 1 \[running\]:
/* An add from zero while somebody waits: here as it finds the group between the last done and the
 * waking of who waits, which takes a few instructions. */
#include <gorace.h>

int main(void) {
    gr_waitgroup wg = {.gr__state = 1};
    gr_waitgroup_add(&wg, 1);
    return 0;
}
