// want: panic
// stderr: ^panic: non-positive interval for NewTicker$
// stderr: ^goroutine 1 \[running\]:
/* A ticker needs time between its ticks. */
#include <gorace.h>

int main(void) {
    gr_ticker_new(0);
    return 0;
}
