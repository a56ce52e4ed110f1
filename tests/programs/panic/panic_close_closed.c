// want: panic
// stderr: ^panic: close of closed channel$
// stderr: ^goroutine 1 \[running\]:
/* Closing twice panics. */
#include <gorace.h>

int main(void) {
    gr_chan *ch = gr_make(int, 1);
    gr_close(ch);
    gr_close(ch);
    return 0;
}
