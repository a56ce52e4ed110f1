// want: deadlock
// stderr: ^fatal error: all goroutines are asleep - deadlock!$
// stderr: ^goroutine 1 \[chan send\]:$
/* All goroutines are asleep; main waits: chan send. */
#include <gorace.h>

int main(void) {
    gr_chan *ch = gr_make(int, 1);
    gr_send_value(ch, int, 1);
    gr_send_value(ch, int, 2);
    return 0;
}
