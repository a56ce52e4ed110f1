// want: deadlock
// stderr: ^fatal error: all goroutines are asleep - deadlock!$
// stderr: ^goroutine 1 \[chan receive\]:$
/* All goroutines are asleep; main waits: chan receive. */
#include <gorace.h>

int main(void) {
    gr_recv(gr_make(int, 0), NULL);
    return 0;
}
