// want: deadlock
// stderr: ^fatal error: all goroutines are asleep - deadlock!$
// stderr: ^goroutine 1 \[select\]:$
/* All goroutines are asleep; main waits: select. */
#include <gorace.h>

int main(void) {
    gr_chan *ch = gr_make(int, 0), *other = gr_make(int, 0);
    gr_case cases[] = {gr_case_recv(ch, NULL), gr_case_send(other, &(int){1})};
    gr_select(cases, 2);
    return 0;
}
