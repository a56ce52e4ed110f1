// want: panic
// stderr: ^panic: makechan: size out of range$
// stderr: ^goroutine 1 \[running\]:
/* Nor one larger than memory can be. */
#include <gorace.h>

int main(void) {
    gr_make(int[1 << 20], INT64_MAX / 2);
    return 0;
}
