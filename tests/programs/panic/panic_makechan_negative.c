// want: panic
// stderr: ^panic: makechan: size out of range$
// stderr: ^goroutine 1 \[running\]:
/* A channel has no negative capacity. */
#include <gorace.h>

int main(void) {
    gr_make(int, -1);
    return 0;
}
