// want: panic
// stderr: ^panic: send on closed channel$
// stderr: ^goroutine 1 \[running\]:
/* A try to send on a closed channel panics, too. */
#include <gorace.h>

int main(void) {
    gr_chan *ch = gr_make(int, 1);
    gr_close(ch);
    gr_try_send(ch, &(int){1});
    return 0;
}
