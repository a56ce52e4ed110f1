// want: deadlock
// stderr: ^fatal error: all goroutines are asleep - deadlock!$
// stderr: ^goroutine 1 \[select \(nil chans\)\]:$
/* All goroutines are asleep; main waits: select (nil chans). */
#include <gorace.h>

int main(void) {
    gr_case cases[] = {gr_case_recv(NULL, NULL), gr_case_send(NULL, &(int){1})};
    gr_select(cases, 2);
    return 0;
}
