// want: fatal
// stderr: ^fatal error: go of nil func value$
// stderr: ^goroutine 1 \[running\]:
/* So it is with the function of a timer. */
#include <gorace.h>

int main(void) {
    gr_after_func(GR_HOUR, NULL, NULL);
    return 0;
}
