// want: deadlock
// stderr: ^fatal error: all goroutines are asleep - deadlock!$
// stderr: ^goroutine 1 \[chan send \(nil chan\)\]:$
/* All goroutines are asleep; main waits: chan send (nil chan). */
#include <gorace.h>

int main(void) {
    gr_send_value(NULL, int, 1);
    return 0;
}
