// want: deadlock
// stderr: ^fatal error: all goroutines are asleep - deadlock!$
// stderr: ^goroutine 1 \[chan receive \(nil chan\)\]:$
/* All goroutines are asleep; main waits: chan receive (nil chan). */
#include <gorace.h>

int main(void) {
    gr_recv(NULL, NULL);
    return 0;
}
