// want: deadlock
// stderr: ^fatal error: all goroutines are asleep - deadlock!$
// stderr: ^goroutine 1 \[select \(no cases\)\]:$
/* All goroutines are asleep; main waits: select (no cases). */
#include <gorace.h>

int main(void) {
    gr_select(NULL, 0);
    return 0;
}
