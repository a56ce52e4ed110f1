// want: deadlock
// stderr: ^fatal error: all goroutines are asleep - deadlock!$
// stderr: ^goroutine 1 \[chan send\]:$
/* All goroutines are asleep; main waits: chan send. */
#include <gorace.h>

int main(void) {
    gr_send_value(gr_make(int, 0), int, 1);
    return 0;
}
