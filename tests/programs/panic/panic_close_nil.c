// want: panic
// stderr: ^panic: close of nil channel$
// stderr: ^goroutine 1 \[running\]:
/* Closing the nil channel panics. */
#include <gorace.h>

int main(void) {
    gr_close(NULL);
    return 0;
}
