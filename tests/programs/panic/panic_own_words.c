// want: panic
// stderr: ^panic: balance is -3$
// stderr: ^goroutine 1 \[running\]:
/* gr_panic says what it is told. */
#include <gorace.h>

int main(void) {
    gr_panic("balance is %d", -3);
    return 0;
}
