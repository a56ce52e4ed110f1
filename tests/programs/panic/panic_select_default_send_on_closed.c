// want: panic
// stderr: ^panic: send on closed channel$
// stderr: ^goroutine 1 \[running\]:
/* A closed channel is ready for a send: there is no default for it. */
#include <gorace.h>

int main(void) {
    gr_chan *ch = gr_make(int, 0);
    gr_close(ch);
    gr_case cases[] = {gr_case_send(ch, &(int){1})};
    gr_select_default(cases, 1);
    return 0;
}
